use aws_sdk_dynamodb::{
    operation::put_item::PutItemError,
    types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};

use super::row::{Row, WriteId};
use crate::{
    Error,
    domain::{IdempotencyKey, NewTask, TaskId, Timestamp, WriteResult},
    dynamodb::{Attempts, from_item, to_item},
    identity::Alive,
    ownership::Owner,
    random::Random,
    store::{
        Store,
        idempotency::{self, Once, Request},
    },
};

/// How often an id is drawn anew that turns out to be taken: with 12 random bits, two in one millisecond is rare, and
/// four times in a row does not happen.
const ID_ATTEMPTS: u32 = 4;

/// How often a task is sent again that keeps meeting others with the same key; its time is mostly over before.
const RETRIES: u32 = 100;

const TASK_IS_NEW: &str = "attribute_not_exists(task_id)";

impl Store {
    /// Makes a task. With a key, the same request sent again within 24 hours makes no second one and is answered with the
    /// first task as it was made.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] if the key came with another request, [`Error::Unavailable`],
    /// [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn create_task(
        &self,
        owner: &Alive<Owner>,
        task: &NewTask,
        key: Option<&IdempotencyKey>,
        now: Timestamp,
        random: &Random,
    ) -> Result<WriteResult, Error> {
        let write_id = WriteId::new(random)?;
        for _ in 0..ID_ATTEMPTS {
            let task_id = TaskId::at(now, u16::from_be_bytes(random.bytes()?));
            let row = Row::new(owner.user_id(), task_id, task, write_id.clone());
            let created = match key {
                None => self.put_task(row, &write_id).await?,
                Some(key) => self.put_task_once(row, key, &Request::Create(task), now).await?,
            };
            if let Some(created) = created {
                return Ok(created);
            }
        }
        Err(Error::unavailable("no free task id was found"))
    }

    /// `None`: the id is taken.
    async fn put_task(&self, row: Row, write_id: &WriteId) -> Result<Option<WriteResult>, Error> {
        let request = self
            .writer()
            .await
            .put_item()
            .table_name(&self.tables.tasks)
            .set_item(Some(to_item(&row)?))
            .condition_expression(TASK_IS_NEW)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(_) => Ok(Some(WriteResult { task: row.into(), is_replay: false })),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failure)) => {
                    let there: Option<Row> = failure.item().cloned().map(from_item).transpose()?;
                    // An attempt whose answer was lost may have made it.
                    let is_ours = attempts.is_one_lost() && there.is_some_and(|there| there.has(write_id));
                    Ok(is_ours.then(|| WriteResult { task: row.into(), is_replay: false }))
                }
                _ => Err(attempts.error(error)),
            },
        }
    }

    /// `None`: the id is taken.
    async fn put_task_once(
        &self,
        row: Row,
        key: &IdempotencyKey,
        request: &Request<'_>,
        now: Timestamp,
    ) -> Result<Option<WriteResult>, Error> {
        let create = Put::builder()
            .table_name(&self.tables.tasks)
            .set_item(Some(to_item(&row)?))
            .condition_expression(TASK_IS_NEW)
            .build()
            .map_err(Error::internal)?;
        let create = TransactWriteItem::builder().put(create).build();
        let user_id = row.user_id();
        let answer = idempotency::Row::new(key, request, row, now)?;
        let mut backoff = self.dynamodb.backoff(RETRIES);
        loop {
            let met = match self.transact_once_per_key(&answer, request, create.clone(), now).await? {
                Once::Answered(created) => return Ok(Some(created)),
                Once::Refused => return Ok(None),
                Once::Met(error) => error,
            };
            // Of very many at once, each would meet another again and again: a read meets nobody.
            if let Some(first) = self.find_answer(user_id, key, request, now).await? {
                return Ok(Some(first));
            }
            if !backoff.wait().await {
                return Err(met);
            }
        }
    }
}
