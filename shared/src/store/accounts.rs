//! Accounts: what spans a credential, a profile and sessions, and so is written in transactions.

use aws_sdk_dynamodb::types::{CancellationReason, Put, TransactWriteItem, Update};

use super::{
    Credential, Item, Store,
    credentials::{credential_key, credential_to_item},
    number,
    sessions::{session_key, session_to_item},
    string,
    users::{user_key, user_to_item},
};
use crate::{
    Error,
    domain::{PasswordAccount, Session, Timestamp, User},
    identity::Caller,
};

impl Store {
    /// Makes an account with its first session, all or nothing. The credential's key makes the email unique, however many
    /// try at once.
    ///
    /// # Errors
    /// [`Error::EmailTaken`], [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn create_account(&self, user: &User, account: &PasswordAccount, session: &Session) -> Result<(), Error> {
        let credential =
            Credential { email: user.email.clone(), user_id: user.id, password_hash: account.password_hash.clone() };
        let writes = vec![
            put_new(&self.tables.credentials, credential_to_item(&credential)?, "email")?,
            put_new(&self.tables.users, user_to_item(user, account)?, "user_id")?,
            put_new(&self.tables.sessions, session_to_item(session)?, "session_id")?,
        ];
        self.transact(writes).await?.map_or(Ok(()), |reasons| Err(taken(&reasons)))
    }

    /// Stores the same password under another hash, unless the password was changed meanwhile.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn replace_password_hash(&self, credential: &Credential, password_hash: &str) -> Result<(), Error> {
        let replace = |table: &str, key| {
            Update::builder()
                .table_name(table)
                .set_key(Some(key))
                .update_expression("SET password_hash = :new")
                .condition_expression("password_hash = :old")
                .expression_attribute_values(":new", string(password_hash))
                .expression_attribute_values(":old", string(&credential.password_hash))
                .build()
                .map_err(Error::internal)
        };
        let writes = vec![
            update(replace(&self.tables.credentials, credential_key(&credential.email))?),
            update(replace(&self.tables.users, user_key(credential.user_id))?),
        ];
        self.transact(writes).await?;
        Ok(())
    }

    /// Changes the password. With a new session, every other one is revoked in the same transaction.
    ///
    /// # Errors
    /// [`Error::InvalidPassword`] if the password, or with a new session the epoch of sessions, was changed meanwhile;
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn change_password(
        &self,
        user: &User,
        old: &PasswordAccount,
        new_hash: &str,
        new_session: Option<&Session>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut profile = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user.id)))
            .expression_attribute_values(":new", string(new_hash))
            .expression_attribute_values(":old", string(&old.password_hash))
            .expression_attribute_values(":now", number(now.millis()));
        let set = "SET password_hash = :new, password_updated_at = :now";
        profile = match new_session {
            None => profile.update_expression(set).condition_expression("password_hash = :old"),
            Some(session) => profile
                .update_expression(format!("{set}, session_epoch = :epoch"))
                .condition_expression("password_hash = :old AND session_epoch < :epoch")
                .expression_attribute_values(":epoch", number(session.epoch)),
        };
        let credential = Update::builder()
            .table_name(&self.tables.credentials)
            .set_key(Some(credential_key(&user.email)))
            .update_expression("SET password_hash = :new")
            .condition_expression("password_hash = :old")
            .expression_attribute_values(":new", string(new_hash))
            .expression_attribute_values(":old", string(&old.password_hash))
            .build()
            .map_err(Error::internal)?;
        let mut writes = vec![update(profile.build().map_err(Error::internal)?), update(credential)];
        if let Some(session) = new_session {
            writes.push(put_new(&self.tables.sessions, session_to_item(session)?, "session_id")?);
        }
        self.transact(writes).await?.map_or(Ok(()), |_| Err(Error::InvalidPassword))
    }

    /// Revokes every session of the caller but the one that is calling: the user's epoch is raised, and that session's
    /// with it.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if sessions were revoked meanwhile; [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn revoke_other_sessions(&self, caller: &Caller) -> Result<(), Error> {
        let epoch = caller.user.session_epoch;
        let raise = |table: &str, key, attribute: &str, condition: &str| {
            Update::builder()
                .table_name(table)
                .set_key(Some(key))
                .update_expression(format!("SET {attribute} = :next"))
                .condition_expression(condition)
                .expression_attribute_values(":epoch", number(epoch))
                .expression_attribute_values(":next", number(epoch.saturating_add(1)))
                .build()
                .map_err(Error::internal)
        };
        let writes = vec![
            update(raise(&self.tables.users, user_key(caller.user.id), "session_epoch", "session_epoch = :epoch")?),
            update(raise(&self.tables.sessions, session_key(&caller.session.principal()), "epoch", "epoch <= :epoch")?),
        ];
        let ended = |_| Err(Error::SessionEnded("the sessions were revoked meanwhile"));
        self.transact(writes).await?.map_or(Ok(()), ended)
    }
}

/// What was there already: reasons come in the order of the writes.
fn taken(reasons: &[CancellationReason]) -> Error {
    match reasons.first().and_then(CancellationReason::code) {
        Some("ConditionalCheckFailed") => Error::EmailTaken,
        _ => Error::unavailable("the id drawn for a new user or session is taken"),
    }
}

fn put_new(table: &str, item: Item, key: &str) -> Result<TransactWriteItem, Error> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression(format!("attribute_not_exists({key})"))
        .build()
        .map_err(Error::internal)?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}
