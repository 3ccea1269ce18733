use aws_sdk_dynamodb::{
    operation::{delete_item::DeleteItemError, update_item::UpdateItemError},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    expressions::{Update, task_exists_and},
    row::{Row, WriteId},
    task_key,
};
use crate::{
    Error,
    domain::{IdempotencyKey, Preconditions, Task, TaskId, TaskWrite, Timestamp, WriteResult},
    dynamodb::{Attempts, Item, from_item},
    identity::Alive,
    ownership::Owner,
    random::Random,
    store::Store,
};

impl Store {
    /// Changes or deletes a task of an owner whose session is alive. With a key, the same request sent again within 24 hours
    /// changes nothing more and is answered as the first time.
    ///
    /// # Errors
    /// Those of [`Store::caller`]; [`Error::TaskNotFound`], [`Error::PreconditionFailed`]; [`Error::IdempotencyKeyReused`] if
    /// the key came with another request; [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn write_task(
        &self,
        owner: &Owner,
        request: (TaskId, &TaskWrite, &Preconditions),
        key: Option<&IdempotencyKey>,
        now: Timestamp,
        random: &Random,
    ) -> Result<WriteResult, Error> {
        let (task_id, write, preconditions) = request;
        let row = match (key, write) {
            (Some(key), _) => return self.write_once(owner, request, key, now, random).await,
            (None, TaskWrite::Delete) => {
                let read = self.read_of_task(owner.user_id(), task_id);
                let (owner, mut rows) = self.read_while_alive(owner, now, [read]).await?;
                let seen = rows.remove(&self.tables.tasks).ok_or(Error::TaskNotFound)?;
                self.delete_task(&owner, from_item(seen)?, preconditions).await?
            }
            (None, TaskWrite::Update(change)) => {
                let owner = self.check_alive(owner, now).await?;
                // Nothing to change: the condition alone is checked, and the version stays.
                let update = if change.is_empty() { Update::none() } else { Update::of(change, now) };
                self.update_task(&owner, task_id, update, preconditions, random).await?
            }
            (None, TaskWrite::Flip) => {
                let owner = self.check_alive(owner, now).await?;
                self.update_task(&owner, task_id, Update::flipped(now), preconditions, random).await?
            }
        };
        Ok(WriteResult { task: Task::from(row), is_replay: false })
    }

    async fn update_task(
        &self,
        owner: &Alive<&Owner>,
        task_id: TaskId,
        update: Update,
        preconditions: &Preconditions,
        random: &Random,
    ) -> Result<Row, Error> {
        let expression = update.expression();
        let write_id = expression.is_some().then(|| WriteId::new(random)).transpose()?;
        let (condition, condition_values) = task_exists_and(preconditions, write_id.as_ref());
        let mut request = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.tasks)
            .set_key(Some(task_key(owner.get().user_id(), task_id)))
            .set_update_expression(expression)
            .condition_expression(condition)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (name, value) in update.values.into_iter().chain(condition_values) {
            request = request.expression_attribute_values(name, value);
        }
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(answer) => row_of(answer.attributes),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
                    let there = there(failure.item())?.ok_or(Error::TaskNotFound)?;
                    // An attempt whose answer was lost has done it.
                    let is_done = write_id.is_some_and(|write_id| there.has(&write_id));
                    if is_done { Ok(there) } else { Err(Error::PreconditionFailed) }
                }
                _ => Err(attempts.error(error)),
            },
        }
    }

    /// Deletes a task that was seen a moment ago, and gives it as it was.
    ///
    /// What is gone does not say who deleted it, nor what it was. If an attempt's answer was lost and the next finds nothing, the
    /// first has deleted the task, which is then known as it was seen.
    async fn delete_task(&self, owner: &Alive<&Owner>, seen: Row, preconditions: &Preconditions) -> Result<Row, Error> {
        let (condition, values) = task_exists_and(preconditions, None);
        let request = self
            .writer()
            .await
            .delete_item()
            .table_name(&self.tables.tasks)
            .set_key(Some(task_key(owner.get().user_id(), seen.task_id)))
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then(|| values.into_iter().collect()))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(answer) => row_of(answer.attributes),
            Err(error) => match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(failure)) => {
                    if there(failure.item())?.is_some() {
                        Err(Error::PreconditionFailed)
                    } else if attempts.is_one_lost() && preconditions.check(seen.version).is_ok() {
                        Ok(seen)
                    } else {
                        Err(Error::TaskNotFound)
                    }
                }
                _ => Err(attempts.error(error)),
            },
        }
    }
}

fn row_of(attributes: Option<Item>) -> Result<Row, Error> {
    from_item(attributes.ok_or_else(|| Error::internal("DynamoDB gave no attributes"))?)
}

/// The task that an unmet condition has found, if any.
fn there(item: Option<&Item>) -> Result<Option<Row>, Error> {
    item.filter(|item| !item.is_empty()).cloned().map(from_item).transpose()
}
