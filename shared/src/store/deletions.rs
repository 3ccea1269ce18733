//! `Deletions`: accounts that are deleted. Partition key `user_id`; a worker on the table's stream removes what is left of them,
//! and the row says in the end what that was. DynamoDB deletes it some time after `expires_at` (in seconds).

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use serde::{Deserialize, Serialize};

use super::{Remains, Store, users::user_key};
use crate::{
    Error,
    domain::{Timestamp, UserId},
    dynamodb::{from_item, number, store_error},
};

/// How long the record of a deletion stays, in seconds: 36 days, longer than a backup reaches back, which may bring the account again.
const KEEP_SECONDS: i64 = 36 * 24 * 60 * 60;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row {
    user_id: UserId,
    deleted_at: Timestamp,
    /// Rows removed until now.
    tasks: u64,
    sessions: u64,
    idempotency_keys: u64,
    /// When the worker stopped before its time was over. The change of the row is what calls it again; other changes do not
    /// have this, and do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rearmed_at: Option<Timestamp>,
    /// When nothing was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purged_at: Option<Timestamp>,
    expires_at: i64,
}

impl Row {
    /// The record of an account that is deleted `now`, of which nothing is removed yet.
    pub(super) fn begin(user_id: UserId, now: Timestamp) -> Self {
        Self {
            user_id,
            deleted_at: now,
            tasks: 0,
            sessions: 0,
            idempotency_keys: 0,
            rearmed_at: None,
            purged_at: None,
            expires_at: now.plus_seconds(KEEP_SECONDS).seconds(),
        }
    }
}

/// An account that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// When.
    pub deleted_at: Timestamp,
    /// When nothing of it was left.
    pub purged_at: Option<Timestamp>,
    /// The tasks that were removed until now, as far as the worker lived to write it down.
    pub tasks: u64,
    /// The sessions.
    pub sessions: u64,
    /// The idempotency keys.
    pub idempotency_keys: u64,
}

impl Store {
    /// The record of an account's deletion.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn deletion(&self, user_id: UserId) -> Result<Option<Deletion>, Error> {
        let answer = self
            .client()
            .get_item()
            .table_name(&self.tables.deletions)
            .set_key(Some(user_key(user_id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(store_error)?;
        let row: Option<Row> = answer.item.map(from_item).transpose()?;
        Ok(row.map(|row| Deletion {
            deleted_at: row.deleted_at,
            purged_at: row.purged_at,
            tasks: row.tasks,
            sessions: row.sessions,
            idempotency_keys: row.idempotency_keys,
        }))
    }

    /// Writes down that so many rows more are removed.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn count_removed(&self, user_id: UserId, remains: Remains, count: usize) -> Result<(), Error> {
        let counter = match remains {
            Remains::Tasks => "tasks",
            Remains::Sessions => "sessions",
            Remains::IdempotencyKeys => "idempotency_keys",
        };
        let update = self.change_deletion(user_id).await.update_expression("REMOVE rearmed_at ADD #counter :count");
        let update = update.expression_attribute_names("#counter", counter);
        update.expression_attribute_values(":count", number(count)).send().await.map_err(store_error)?;
        Ok(())
    }

    /// Asks for the purge to go on in another invocation.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn rearm_purge(&self, user_id: UserId, now: Timestamp) -> Result<(), Error> {
        let update = self.change_deletion(user_id).await.update_expression("SET rearmed_at = :now");
        update.expression_attribute_values(":now", number(now.millis())).send().await.map_err(store_error)?;
        Ok(())
    }

    /// Writes down that nothing is left of an account.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn end_purge(&self, user_id: UserId, now: Timestamp) -> Result<(), Error> {
        let update = self.change_deletion(user_id).await.update_expression("SET purged_at = :now REMOVE rearmed_at");
        update.expression_attribute_values(":now", number(now.millis())).send().await.map_err(store_error)?;
        Ok(())
    }

    async fn change_deletion(&self, user_id: UserId) -> UpdateItemFluentBuilder {
        let update = self.writer().await.update_item().table_name(&self.tables.deletions);
        update.set_key(Some(user_key(user_id))).condition_expression("attribute_exists(user_id)")
    }
}
