//! `Tasks`: partition key `user_id`, sort key `task_id`, so that a user's tasks lie together in the order they were made.

use aws_sdk_dynamodb::{
    Config,
    config::{self, retry::RetryConfig},
    error::SdkError,
    operation::{delete_item::DeleteItemError, update_item::UpdateItemError},
    types::{Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use serde::{Deserialize, Serialize};

use super::{
    Store,
    idempotency::{self, KEY_SECONDS, fingerprint},
    task_expressions::{Update, filter, task_exists_and},
};
use crate::{
    Error,
    domain::{
        Direction, IdempotencyKey, NewTask, Precondition, Priority, Task, TaskChange, TaskId, TaskPage, TaskQuery,
        Timestamp, UserId,
    },
    dynamodb::{Item, from_item, is_condition_failure, number, store_error, string, to_item},
    identity::Alive,
    ownership::Owner,
    random::Random,
};

/// How often an id is drawn anew that turns out to be taken: with 12 random bits, two in one millisecond is rare, and
/// four times in a row does not happen.
const ID_ATTEMPTS: u32 = 4;

/// A task as it is stored. When it was made is in its id.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Row {
    user_id: UserId,
    task_id: TaskId,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// 0 or 1: a number can be flipped by an update expression, a boolean cannot.
    completed: u8,
    priority: Priority,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    updated_at: Timestamp,
    version: u64,
}

impl Row {
    fn new(user_id: UserId, task_id: TaskId, task: &NewTask) -> Self {
        Self {
            user_id,
            task_id,
            title: task.title.as_str().to_owned(),
            description: task.description.as_ref().map(|text| text.as_str().to_owned()),
            completed: 0,
            priority: task.priority,
            due_date: task.due_date.as_ref().map(|due| due.as_str().to_owned()),
            updated_at: task_id.created_at(),
            version: 1,
        }
    }
}

impl From<Row> for Task {
    fn from(row: Row) -> Self {
        Self {
            id: row.task_id,
            user_id: row.user_id,
            title: row.title,
            description: row.description,
            completed: row.completed != 0,
            priority: row.priority,
            due_date: row.due_date,
            created_at: row.task_id.created_at(),
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

impl Store {
    /// One task, read together with the owner's session: one round trip of three consistent reads, since whoever has been told
    /// that a write succeeded reads what it wrote.
    ///
    /// # Errors
    /// [`Error::TaskNotFound`], or those of [`Store::caller`].
    pub async fn task(&self, owner: &Owner, task_id: TaskId, now: Timestamp) -> Result<Task, Error> {
        let key = task_key(owner.user_id(), task_id);
        let item = self.item_while_alive(owner.as_ref(), now, &self.tables.tasks, key).await?;
        let row: Row = from_item(item.ok_or(Error::TaskNotFound)?)?;
        Ok(row.into())
    }

    /// A page of a user's tasks: one query that reads at most 1 MB.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn tasks(&self, owner: &Owner, query: &TaskQuery) -> Result<TaskPage, Error> {
        let start = query.position.window.map(|task_id| task_key(owner.user_id(), task_id));
        let mut request = self
            .client()
            .query()
            .table_name(&self.tables.tasks)
            .key_condition_expression("user_id = :user_id")
            .expression_attribute_values(":user_id", string(owner.user_id()))
            .scan_index_forward(query.order == Direction::Asc)
            .consistent_read(true)
            .set_exclusive_start_key(start);
        if query.needs_whole_window() {
            let (filter, values) = filter(query);
            request = request.set_filter_expression(filter);
            for (name, value) in values {
                request = request.expression_attribute_values(name, value);
            }
        } else {
            // One more than asked for tells whether there is a next page.
            request = request.limit(i32::try_from(query.limit.saturating_add(1)).unwrap_or(i32::MAX));
        }
        let answer = request.send().await.map_err(store_error)?;
        let window_end = answer.last_evaluated_key.map(task_id_of).transpose()?;
        let rows: Vec<Row> = serde_dynamo::from_items(answer.items.unwrap_or_default()).map_err(Error::internal)?;
        Ok(query.page(rows.into_iter().map(Task::from).collect(), window_end))
    }

    /// Makes a task. With a key, the same request sent again within 24 hours makes no second one and is answered with the
    /// first task as it was made.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] if the key came with another task, [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn create_task(
        &self,
        owner: &Alive<Owner>,
        task: &NewTask,
        key: Option<&IdempotencyKey>,
        now: Timestamp,
        random: &Random,
    ) -> Result<Task, Error> {
        for _ in 0..ID_ATTEMPTS {
            let task_id = TaskId::at(now, u16::from_be_bytes(random.bytes()?));
            let row = Row::new(owner.user_id(), task_id, task);
            let created = match key {
                None => self.put_task(&row).await?,
                Some(key) => self.put_task_once(&row, key, &fingerprint(task)?, now).await?,
            };
            if let Some(row) = created {
                return Ok(row.into());
            }
        }
        Err(Error::unavailable("no free task id was found"))
    }

    /// `None`: the id is taken.
    async fn put_task(&self, row: &Row) -> Result<Option<Row>, Error> {
        let result = self.client()
            .put_item()
            .table_name(&self.tables.tasks)
            .set_item(Some(to_item(row)?))
            .condition_expression(TASK_IS_NEW)
            .customize()
            // A call whose answer is lost may have made the task, and a second one would make another. Whoever wants to send
            // the request again sends an idempotency key.
            .config_override(once())
            .send()
            .await;
        match result {
            Ok(_) => Ok(Some(row.clone())),
            Err(error) if is_condition_failure(&error) => Ok(None),
            Err(error) => Err(store_error(error)),
        }
    }

    /// `None`: the id is taken.
    async fn put_task_once(
        &self,
        row: &Row,
        key: &IdempotencyKey,
        fingerprint: &str,
        now: Timestamp,
    ) -> Result<Option<Row>, Error> {
        let answered = idempotency::Row {
            user_id: row.user_id,
            idempotency_key: key.as_str().to_owned(),
            fingerprint: fingerprint.to_owned(),
            task: row.clone(),
            expires_at: now.plus_seconds(KEY_SECONDS).seconds(),
        };
        let remember = Put::builder()
            .table_name(&self.tables.idempotency)
            .set_item(Some(to_item(&answered)?))
            // DynamoDB deletes expired rows late: one that is still there does not count.
            .condition_expression("attribute_not_exists(idempotency_key) OR expires_at <= :now")
            .expression_attribute_values(":now", number(now.seconds()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(Error::internal)?;
        let create = Put::builder()
            .table_name(&self.tables.tasks)
            .set_item(Some(to_item(row)?))
            .condition_expression(TASK_IS_NEW)
            .build()
            .map_err(Error::internal)?;
        let writes =
            vec![TransactWriteItem::builder().put(remember).build(), TransactWriteItem::builder().put(create).build()];
        match self.dynamodb.transact(writes).await? {
            None => Ok(Some(row.clone())),
            Some(reasons) => {
                let first_answer = reasons.into_iter().next().and_then(|reason| reason.item);
                first_answer.map(|item| first_task(item, fingerprint)).transpose()
            }
        }
    }

    /// Changes what a client wants changed.
    ///
    /// # Errors
    /// [`Error::TaskNotFound`], [`Error::PreconditionFailed`], [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn update_task(
        &self,
        owner: &Alive<Owner>,
        task_id: TaskId,
        change: &TaskChange,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Task, Error> {
        // Nothing to change: the condition alone is checked, and the version stays.
        let update = if change.is_empty() { Update::none() } else { Update::of(change, now) };
        self.write_task(owner, task_id, update, precondition).await
    }

    /// Flips whether a task is done, atomically: two flips at once are two flips.
    ///
    /// # Errors
    /// [`Error::TaskNotFound`], [`Error::PreconditionFailed`], [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn flip_task(
        &self,
        owner: &Alive<Owner>,
        task_id: TaskId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Task, Error> {
        self.write_task(owner, task_id, Update::flipped(now), precondition).await
    }

    async fn write_task(
        &self,
        owner: &Alive<Owner>,
        task_id: TaskId,
        update: Update,
        precondition: &Precondition,
    ) -> Result<Task, Error> {
        let (condition, condition_values) = task_exists_and(precondition);
        // Nor can a write that is meant for one version be told from the next writer's when it is sent again.
        let is_repeatable = update.is_repeatable && *precondition == Precondition::None;
        let options = if is_repeatable { Config::builder() } else { once() };
        let mut request = self
            .client()
            .update_item()
            .table_name(&self.tables.tasks)
            .set_key(Some(task_key(owner.user_id(), task_id)))
            .set_update_expression(update.expression())
            .condition_expression(condition)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (name, value) in update.values.into_iter().chain(condition_values) {
            request = request.expression_attribute_values(name, value);
        }
        let answer = request.customize().config_override(options).send().await;
        let answer = answer.map_err(|error| match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failure)) => condition_failure(failure.item()),
            _ => store_error(error),
        })?;
        let row: Row = from_item(answer.attributes.ok_or_else(|| Error::internal("DynamoDB gave no attributes"))?)?;
        Ok(row.into())
    }

    /// Deletes a task and gives it as it was.
    ///
    /// # Errors
    /// [`Error::TaskNotFound`], [`Error::PreconditionFailed`], [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn delete_task(
        &self,
        owner: &Alive<Owner>,
        task_id: TaskId,
        precondition: &Precondition,
    ) -> Result<Task, Error> {
        let (condition, values) = task_exists_and(precondition);
        let answer = self
            .client()
            .delete_item()
            .table_name(&self.tables.tasks)
            .set_key(Some(task_key(owner.user_id(), task_id)))
            .condition_expression(condition)
            .set_expression_attribute_values((!values.is_empty()).then(|| values.into_iter().collect()))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await
            .map_err(|error: SdkError<DeleteItemError>| match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(failure)) => condition_failure(failure.item()),
                _ => store_error(error),
            })?;
        let row: Row = from_item(answer.attributes.ok_or_else(|| Error::internal("DynamoDB gave no attributes"))?)?;
        Ok(row.into())
    }
}

/// For calls that must not be carried out twice: the SDK does not send them again.
fn once() -> config::Builder {
    Config::builder().retry_config(RetryConfig::disabled())
}

const TASK_IS_NEW: &str = "attribute_not_exists(task_id)";

fn task_key(user_id: UserId, task_id: TaskId) -> Item {
    Item::from([("user_id".to_owned(), string(user_id)), ("task_id".to_owned(), number(task_id))])
}

fn task_id_of(key: Item) -> Result<TaskId, Error> {
    #[derive(Deserialize)]
    struct Key {
        task_id: TaskId,
    }
    from_item(key).map(|Key { task_id }| task_id)
}

/// What an unmet condition means: without the item there is no task, with it the task has another version.
fn condition_failure(item: Option<&Item>) -> Error {
    if item.is_some_and(|item| !item.is_empty()) { Error::PreconditionFailed } else { Error::TaskNotFound }
}

/// The answer stored under an idempotency key, if it was to the same request.
fn first_task(item: Item, fingerprint: &str) -> Result<Row, Error> {
    let answered: idempotency::Row = from_item(item)?;
    if answered.fingerprint == fingerprint { Ok(answered.task) } else { Err(Error::IdempotencyKeyReused) }
}
