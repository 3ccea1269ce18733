use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};

use super::row::{Row, WriteId};
use crate::{
    Error,
    domain::{IdempotencyKey, Preconditions, TaskId, TaskWrite, Timestamp, WriteResult},
    dynamodb::{from_item, number, to_item},
    identity::Alive,
    ownership::Owner,
    random::Random,
    store::{
        Store,
        idempotency::{self, Once, Request},
    },
};

/// How often a write is worked out anew because others have changed the task meanwhile. At each of these times one of them
/// was done, so that this is about how many write the same task at once; the time of a call is mostly over before.
const RETRIES: u32 = 100;

/// The condition of a write that was worked out from one version.
const TASK_IS_AS_SEEN: &str = "version = :seen";

impl Store {
    /// Changes a task unless its key has an answer already.
    ///
    /// A transaction gives back nothing of what it wrote, and the answer is kept in the same one: so the write is worked out
    /// from the task as it was read beside the session, and done only to that version.
    pub(super) async fn write_once(
        &self,
        owner: &Owner,
        request: (TaskId, &TaskWrite, &Preconditions),
        key: &IdempotencyKey,
        now: Timestamp,
        random: &Random,
    ) -> Result<WriteResult, Error> {
        let (task_id, write, preconditions) = request;
        let request = Request::Write { task_id, write, preconditions };
        let mut backoff = self.dynamodb.backoff(RETRIES);
        loop {
            let reads = [self.read_of_task(owner.user_id(), task_id), self.read_of_answer(owner.user_id(), key)];
            let (owner, mut rows) = self.read_while_alive(owner, now, reads).await?;
            if let Some(replay) = idempotency::Row::replay(rows.remove(&self.tables.idempotency), &request, now)? {
                return Ok(replay);
            }
            let seen: Option<Row> = rows.remove(&self.tables.tasks).map(from_item).transpose()?;
            let refusal = match seen {
                None => Error::TaskNotFound,
                Some(seen) if preconditions.check(seen.version).is_ok() => {
                    let kept_off = match self.write_as_seen(seen, key, &request, write, now, random).await? {
                        Once::Answered(written) => return Ok(written),
                        Once::Refused => Error::unavailable("the task kept changing"),
                        Once::Met(error) => error,
                    };
                    if !backoff.wait().await {
                        return Err(kept_off);
                    }
                    continue;
                }
                Some(_) => Error::PreconditionFailed,
            };
            return self.unless_answered(&owner, key, &request, now, refusal).await;
        }
    }

    /// Refused if the task has changed meanwhile.
    async fn write_as_seen(
        &self,
        seen: Row,
        key: &IdempotencyKey,
        request: &Request<'_>,
        write: &TaskWrite,
        now: Timestamp,
        random: &Random,
    ) -> Result<Once, Error> {
        let version = seen.version;
        let row = seen.after(write, now, WriteId::new(random)?);
        let change = if *write == TaskWrite::Delete {
            let delete = Delete::builder()
                .table_name(&self.tables.tasks)
                .set_key(Some(super::task_key(row.user_id(), row.task_id)))
                .condition_expression(TASK_IS_AS_SEEN)
                .expression_attribute_values(":seen", number(version));
            TransactWriteItem::builder().delete(delete.build().map_err(Error::internal)?)
        } else {
            let put = Put::builder()
                .table_name(&self.tables.tasks)
                .set_item(Some(to_item(&row)?))
                .condition_expression(TASK_IS_AS_SEEN)
                .expression_attribute_values(":seen", number(version));
            TransactWriteItem::builder().put(put.build().map_err(Error::internal)?)
        };
        let answer = idempotency::Row::new(key, request, row, now)?;
        self.transact_once_per_key(&answer, request, change.build(), now).await
    }

    /// The first answer, if the same request was carried out between the reading of its key and of the task, which are not of
    /// one moment; else the refusal.
    async fn unless_answered(
        &self,
        owner: &Alive<&Owner>,
        key: &IdempotencyKey,
        request: &Request<'_>,
        now: Timestamp,
        refusal: Error,
    ) -> Result<WriteResult, Error> {
        self.find_answer(owner.get().user_id(), key, request, now).await?.ok_or(refusal)
    }
}
