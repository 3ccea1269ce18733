//! `Deletions`: accounts that are deleted. Partition key `user_id`; a worker on the table's stream removes what is left of them,
//! and the row says in the end what that was. DynamoDB deletes it some time after `expires_at` (in seconds).

use serde::{Deserialize, Serialize};

use crate::domain::{Timestamp, UserId};

/// How long the record of a deletion stays, in seconds: 30 days.
const KEEP_SECONDS: i64 = 30 * 24 * 60 * 60;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) user_id: UserId,
    pub(super) deleted_at: Timestamp,
    /// Rows removed until now.
    pub(super) tasks: u64,
    pub(super) sessions: u64,
    pub(super) idempotency_keys: u64,
    /// When nothing was left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) purged_at: Option<Timestamp>,
    pub(super) expires_at: i64,
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
            purged_at: None,
            expires_at: now.plus_seconds(KEEP_SECONDS).seconds(),
        }
    }
}
