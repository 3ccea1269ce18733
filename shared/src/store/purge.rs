//! What is left of a deleted account: its rows in the tables that are keyed by the user.

use super::Store;
use crate::{
    Error,
    domain::UserId,
    dynamodb::{Item, MAX_WRITES, store_error, string},
};

/// How many rows one page has: few enough that little is removed and not yet counted when the worker dies.
const PAGE_ROWS: i32 = 250;

/// Rows that outlive their account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Who was signed in.
    Sessions,
    /// What is to be done.
    Tasks,
    /// Which requests were answered.
    IdempotencyKeys,
}

impl Remains {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sessions, Self::Tasks, Self::IdempotencyKeys];
}

impl Store {
    /// Removes a page of what is left of an account, and says how many rows that was: with none, there are none of that kind.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`]; some rows may be removed then.
    pub async fn remove_page(&self, user_id: UserId, remains: Remains) -> Result<usize, Error> {
        let (table, sort_key) = match remains {
            Remains::Sessions => (&self.tables.sessions, "session_id"),
            Remains::Tasks => (&self.tables.tasks, "task_id"),
            Remains::IdempotencyKeys => (&self.tables.idempotency, "idempotency_key"),
        };
        let answer = self
            .client()
            .query()
            .table_name(table)
            .key_condition_expression("user_id = :user_id")
            .expression_attribute_values(":user_id", string(user_id))
            .projection_expression(format!("user_id, {sort_key}"))
            .consistent_read(true)
            .limit(PAGE_ROWS)
            .send()
            .await
            .map_err(store_error)?;
        let keys: Vec<Item> = answer.items.unwrap_or_default();
        for batch in keys.chunks(MAX_WRITES) {
            self.dynamodb.delete(table, batch.to_vec()).await?;
        }
        Ok(keys.len())
    }
}
