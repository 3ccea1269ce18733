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
    domain::{IdempotencyKey, Preconditions, Task, TaskId, TaskWrite, Timestamp, Versions, WriteResult},
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

    /// Changes a task, and asks the row whether it did where the answer is lost. The row knows its last writes. Of one that is for any
    /// version more may have come since, so it is not sent again: it could be done twice, with another's write between.
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
        let is_of_a_version = matches!(preconditions.if_match, Some(Versions::Of(_)));
        let attempts = if is_of_a_version { Attempts::default() } else { Attempts::until_one_is_lost() };
        let (result, attempts) = attempts.of(request.send()).await;
        let error = match result {
            Ok(answer) => return row_of(answer.attributes),
            Err(error) => error,
        };
        let has_done_it = |row: &Row| write_id.as_ref().is_some_and(|write_id| row.has(write_id));
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
                let there = there(failure.item())?.ok_or(Error::TaskNotFound)?;
                if has_done_it(&there) {
                    Ok(there)
                } else if attempts.is_one_lost() {
                    // It may have been done, and others have written over what would show it.
                    Err(Error::OutcomeUnknown(error.into()))
                } else {
                    Err(Error::PreconditionFailed)
                }
            }
            _ if attempts.is_one_lost() => {
                // Apart, because it is seldom needed, and would make room for itself in every change.
                let row = Box::pin(self.dynamodb.read([self.read_of_task(owner.get().user_id(), task_id)])).await;
                let row = row.ok().and_then(|mut rows| rows.remove(&self.tables.tasks)).map(from_item::<Row>);
                match row.transpose()? {
                    Some(row) if has_done_it(&row) => Ok(row),
                    _ => Err(attempts.error(error)),
                }
            }
            _ => Err(attempts.error(error)),
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
