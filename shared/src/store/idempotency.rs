//! `Idempotency`: which requests were answered already, and how. Partition key `user_id`, sort key `idempotency_key`;
//! a row counts for 24 hours.

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    domain::{NewTask, UserId},
};

/// How long a key counts, in seconds.
pub(super) const KEY_SECONDS: i64 = 24 * 60 * 60;

#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    pub user_id: UserId,
    pub idempotency_key: String,
    /// Of the request's body: another one under the same key is a mistake.
    pub fingerprint: String,
    /// The task made, as its own table's row: the first answer.
    pub task: super::tasks::Row,
    /// In seconds, because that is what DynamoDB's time to live reads.
    pub expires_at: i64,
}

/// A digest of what was asked for: equal for equal requests, however their JSON is written.
pub(super) fn fingerprint(task: &NewTask) -> Result<String, Error> {
    let canonical = serde_json::to_vec(task).map_err(Error::internal)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &canonical)))
}
