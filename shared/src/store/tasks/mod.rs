//! `Tasks`: partition key `user_id`, sort key `task_id`, so that a user's tasks lie together in the order they were made.

mod create;
mod expressions;
mod once;
mod quota;
mod row;
mod write;

use serde::Deserialize;

use self::expressions::filter;
pub(super) use self::row::Row;
use super::Store;
use crate::{
    Error,
    domain::{Direction, Task, TaskId, TaskPage, TaskQuery, Timestamp, UserId},
    dynamodb::{Item, Read, from_item, number, store_error, string},
    ownership::Owner,
};

impl Store {
    /// One task, read together with the owner's session: one round trip of three consistent reads, since whoever has been told
    /// that a write succeeded reads what it wrote.
    ///
    /// # Errors
    /// [`Error::TaskNotFound`], or those of [`Store::caller`].
    pub async fn task(&self, owner: &Owner, task_id: TaskId, now: Timestamp) -> Result<Task, Error> {
        let read = self.read_of_task(owner.user_id(), task_id);
        let (_, mut rows) = self.read_while_alive(owner, now, [read]).await?;
        let row: Row = from_item(rows.remove(&self.tables.tasks).ok_or(Error::TaskNotFound)?)?;
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

    fn read_of_task(&self, user_id: UserId, task_id: TaskId) -> Read<'_> {
        Read { table: &self.tables.tasks, key: task_key(user_id, task_id), attributes: None }
    }
}

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
