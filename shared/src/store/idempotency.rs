//! `Idempotency`: which requests were answered already, and how. Partition key `user_id`, sort key `idempotency_key`;
//! a row counts for 24 hours.

use aws_lc_rs::digest;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{Store, tasks};
use crate::{
    Error,
    domain::{IdempotencyKey, NewTask, Preconditions, TaskId, TaskWrite, Timestamp, UserId, WriteResult},
    dynamodb::{Item, Read, Transacted, from_item, number, string, to_item},
};

/// How long a key counts, in seconds.
const KEY_SECONDS: i64 = 24 * 60 * 60;

/// The first answer to a request. Refusals are not kept: they changed nothing, and may be answered otherwise the next time.
#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    user_id: UserId,
    idempotency_key: String,
    /// Of the request: another one under the same key is a mistake.
    fingerprint: String,
    /// The task in the answer, as its own table's row. The status and everything else follow from the request.
    task: tasks::Row,
    /// In seconds, because that is what DynamoDB's time to live reads.
    expires_at: i64,
}

/// What a key stands for: everything in a request that decides what is done.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request<'a> {
    Create(&'a NewTask),
    Write { task_id: TaskId, write: &'a TaskWrite, preconditions: &'a Preconditions },
}

impl Request<'_> {
    /// Equal for equal requests, however their JSON is written.
    fn fingerprint(&self) -> Result<String, Error> {
        let canonical = serde_json::to_vec(self).map_err(Error::internal)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &canonical)))
    }
}

impl Row {
    pub(super) fn new(
        key: &IdempotencyKey,
        request: &Request<'_>,
        task: tasks::Row,
        now: Timestamp,
    ) -> Result<Self, Error> {
        Ok(Self {
            user_id: task.user_id(),
            idempotency_key: key.as_str().to_owned(),
            fingerprint: request.fingerprint()?,
            task,
            expires_at: now.plus_seconds(KEY_SECONDS).seconds(),
        })
    }

    /// The first answer again, if it was to the same request. DynamoDB deletes expired rows late: one that is still there does
    /// not count.
    pub(super) fn replay(
        item: Option<Item>,
        request: &Request<'_>,
        now: Timestamp,
    ) -> Result<Option<WriteResult>, Error> {
        let row: Option<Self> = item.map(from_item).transpose()?;
        match row.filter(|row| row.expires_at > now.seconds()) {
            None => Ok(None),
            Some(row) if row.fingerprint == request.fingerprint()? => {
                Ok(Some(WriteResult { task: row.task.into(), is_replay: true }))
            }
            Some(_) => Err(Error::IdempotencyKeyReused),
        }
    }
}

/// What came of a change under a key.
pub(super) enum Once {
    /// It was made, now or before.
    Answered(WriteResult),
    /// Its condition does not hold.
    Refused,
    /// It met another transaction, and was not made.
    Met(Error),
}

impl Store {
    pub(super) fn read_of_answer(&self, user_id: UserId, key: &IdempotencyKey) -> Read<'_> {
        let key = [("user_id".to_owned(), string(user_id)), ("idempotency_key".to_owned(), string(key.as_str()))];
        Read { table: &self.tables.idempotency, key: Item::from(key), attributes: None }
    }

    /// The first answer under a key, if it has one.
    pub(super) async fn find_answer(
        &self,
        user_id: UserId,
        key: &IdempotencyKey,
        request: &Request<'_>,
        now: Timestamp,
    ) -> Result<Option<WriteResult>, Error> {
        let mut rows = self.dynamodb.read([self.read_of_answer(user_id, key)]).await?;
        Row::replay(rows.remove(&self.tables.idempotency), request, now)
    }

    /// Changes a task and keeps the answer, in one transaction, unless the key has an answer already.
    pub(super) async fn transact_once_per_key(
        &self,
        answer: &Row,
        request: &Request<'_>,
        change: TransactWriteItem,
        now: Timestamp,
    ) -> Result<Once, Error> {
        let keep = Put::builder()
            .table_name(&self.tables.idempotency)
            .set_item(Some(to_item(answer)?))
            .condition_expression("attribute_not_exists(idempotency_key) OR expires_at <= :now")
            .expression_attribute_values(":now", number(now.seconds()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(Error::internal)?;
        Ok(match self.dynamodb.transact_once(vec![TransactWriteItem::builder().put(keep).build(), change]).await? {
            Transacted::Done => Once::Answered(WriteResult { task: answer.task.clone().into(), is_replay: false }),
            Transacted::Refused(reasons) => {
                let first = Row::replay(reasons.into_iter().next().and_then(|reason| reason.item), request, now)?;
                first.map_or(Once::Refused, Once::Answered)
            }
            Transacted::Met(error) => Once::Met(error),
        })
    }
}
