use std::{
    collections::{BTreeMap, HashMap},
    error::Error,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;
type Item = HashMap<String, AttributeValue>;

/// The names of the tables.
pub(crate) struct Tables {
    pub(crate) users: String,
    pub(crate) credentials: String,
    pub(crate) sessions: String,
    pub(crate) tasks: String,
    pub(crate) deletions: String,
}

impl Tables {
    pub(crate) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let table = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        Self {
            users: table("USERS_TABLE", "Users"),
            credentials: table("CREDENTIALS_TABLE", "Credentials"),
            sessions: table("SESSIONS_TABLE", "Sessions"),
            tasks: table("TASKS_TABLE", "Tasks"),
            deletions: table("DELETIONS_TABLE", "Deletions"),
        }
    }
}

/// What there is to do, and whether it is done.
struct Repair<'a, R> {
    client: &'a Client,
    tables: &'a Tables,
    write: bool,
    report: R,
    changes: usize,
}

/// Repairs the tables, or only says what is to be done: how many changes that are. It may be interrupted and run again.
///
/// - An account that is in `Deletions` is deleted again, and its purge begun anew; so it is where tasks alone have come back.
/// - A credential whose user is not there, or has another address, goes. A user without a credential gets one. Where the two have
///   different hashes, that of the user counts, which says when it was set.
/// - Every session of everybody ends: a restored user has the epoch of the day of the backup, and whoever was signed out since would be
///   signed in again.
pub(crate) async fn repair(client: &Client, tables: &Tables, write: bool, report: impl FnMut(String)) -> Result<usize> {
    let mut repair = Repair { client, tables, write, report, changes: 0 };
    let mut users = by_key(scan(client, &tables.users).await?, "user_id")?;
    let mut credentials = by_key(scan(client, &tables.credentials).await?, "email")?;
    for deletion in scan(client, &tables.deletions).await? {
        let user_id = text(&deletion, "user_id")?;
        if let Some(user) = users.remove(&user_id) {
            let email = text(&user, "email")?;
            let credential = credentials.get(&email).filter(|row| text(row, "user_id").is_ok_and(|id| id == user_id));
            let is_own = credential.is_some();
            repair.delete_again(&user_id, is_own.then_some(email.as_str())).await?;
            if is_own {
                credentials.remove(&email);
            }
        } else if repair.has_tasks(&user_id).await? {
            repair.purge_again(&user_id).await?;
        }
    }
    for (email, credential) in &credentials {
        let user_id = text(credential, "user_id")?;
        let user = users.get(&user_id).filter(|user| text(user, "email").is_ok_and(|own| own == *email));
        if user.is_none() {
            repair.delete_credential(email, &user_id).await?;
        }
    }
    for (user_id, user) in &users {
        let email = text(user, "email")?;
        let credential = credentials.get(&email);
        let is_right = |row: &Item| {
            row.get("user_id") == user.get("user_id") && row.get("password_hash") == user.get("password_hash")
        };
        if !credential.is_some_and(is_right) {
            repair.restore_credential(user, &email, user_id).await?;
        }
        repair.end_sessions(user, user_id).await?;
    }
    Ok(repair.changes)
}

impl<R: FnMut(String)> Repair<'_, R> {
    /// Whether to do what was said.
    fn agrees_to(&mut self, what: String) -> bool {
        self.changes += 1;
        (self.report)(what);
        self.write
    }

    async fn delete_again(&mut self, user_id: &str, email: Option<&str>) -> Result<()> {
        if !self.agrees_to(format!("user {user_id} was deleted: delete them again, and what has come back of theirs")) {
            return Ok(());
        }
        if let Some(email) = email {
            self.client.delete_item().table_name(&self.tables.credentials).key("email", string(email)).send().await?;
        }
        self.client.delete_item().table_name(&self.tables.users).key("user_id", string(user_id)).send().await?;
        self.rearm_purge(user_id).await
    }

    async fn has_tasks(&self, user_id: &str) -> Result<bool> {
        let query = self.client.query().table_name(&self.tables.tasks).key_condition_expression("user_id = :user_id");
        let query = query.expression_attribute_values(":user_id", string(user_id)).consistent_read(true).limit(1);
        Ok(query.send().await?.count > 0)
    }

    async fn purge_again(&mut self, user_id: &str) -> Result<()> {
        if self.agrees_to(format!("user {user_id} was deleted and has tasks again: remove them")) {
            self.rearm_purge(user_id).await?;
        }
        Ok(())
    }

    async fn rearm_purge(&self, user_id: &str) -> Result<()> {
        // The change of the row is what calls the worker.
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let rearm = self.client.update_item().table_name(&self.tables.deletions).key("user_id", string(user_id));
        let rearm = rearm.update_expression("SET rearmed_at = :now REMOVE purged_at");
        rearm.expression_attribute_values(":now", AttributeValue::N(now.to_string())).send().await?;
        Ok(())
    }

    async fn delete_credential(&mut self, email: &str, user_id: &str) -> Result<()> {
        if self
            .agrees_to(format!("a credential is of user {user_id}, who is not there or has another address: delete it"))
        {
            let delete = self.client.delete_item().table_name(&self.tables.credentials).key("email", string(email));
            let delete = delete.condition_expression("user_id = :user_id");
            delete.expression_attribute_values(":user_id", string(user_id)).send().await?;
        }
        Ok(())
    }

    async fn restore_credential(&mut self, user: &Item, email: &str, user_id: &str) -> Result<()> {
        let Some(hash) = user.get("password_hash") else { return Ok(()) };
        if self.agrees_to(format!(
            "user {user_id} has no credential, or one of another password: make it as the user's row has it"
        )) {
            let put = self.client.put_item().table_name(&self.tables.credentials);
            let put =
                put.item("email", string(email)).item("user_id", string(user_id)).item("password_hash", hash.clone());
            put.send().await?;
        }
        Ok(())
    }

    /// Raises the epoch above that of every session that is there, and of the backup.
    async fn end_sessions(&mut self, user: &Item, user_id: &str) -> Result<()> {
        let own = number(user, "session_epoch")?;
        let mut latest = None;
        let mut pages = self
            .client
            .query()
            .table_name(&self.tables.sessions)
            .key_condition_expression("user_id = :user_id")
            .expression_attribute_values(":user_id", string(user_id))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        while let Some(session) = pages.next().await {
            latest = latest.max(Some(number(&session?, "epoch")?));
        }
        let Some(latest) = latest.filter(|latest| *latest >= own) else { return Ok(()) };
        if self.agrees_to(format!("user {user_id} has sessions that would count: end all of them")) {
            let update = self.client.update_item().table_name(&self.tables.users).key("user_id", string(user_id));
            let update = update
                .update_expression("SET session_epoch = :next")
                .condition_expression("session_epoch = :own")
                .expression_attribute_values(":own", AttributeValue::N(own.to_string()))
                .expression_attribute_values(":next", AttributeValue::N((latest + 1).to_string()));
            update.send().await?;
        }
        Ok(())
    }
}

async fn scan(client: &Client, table: &str) -> Result<Vec<Item>> {
    let mut rows = Vec::new();
    let mut pages = client.scan().table_name(table).consistent_read(true).into_paginator().items().send();
    while let Some(row) = pages.next().await {
        rows.push(row?);
    }
    Ok(rows)
}

fn by_key(rows: Vec<Item>, key: &str) -> Result<BTreeMap<String, Item>> {
    rows.into_iter().map(|row| Ok((text(&row, key)?, row))).collect()
}

fn string(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn text(row: &Item, attribute: &str) -> Result<String> {
    let value = row.get(attribute).and_then(|value| value.as_s().ok());
    value.cloned().ok_or_else(|| format!("a row has no {attribute}").into())
}

fn number(row: &Item, attribute: &str) -> Result<u64> {
    let value = row.get(attribute).and_then(|value| value.as_n().ok());
    Ok(value.ok_or_else(|| format!("a row has no {attribute}"))?.parse()?)
}
