//! `Tasks`: partition key `user_id`, sort key `task_id`, so that a user's tasks lie together in the order they were made.

mod create;
mod expressions;
mod listed;
mod once;
mod quota;
mod row;
mod write;

use self::expressions::filter;
pub use self::listed::ListedTasks;
pub(super) use self::row::Row;
use super::Store;
use crate::{
    Error,
    domain::{Direction, Task, TaskId, TaskQuery, Timestamp, UserId},
    dynamodb::{self, Item, Read, from_item, number, string},
    ownership::Owner,
};

impl Store {
    /// One task, read together with the owner's session: one round trip of three consistent reads, since whoever has been told
    /// that a write succeeded reads what it wrote.
    ///
    /// # Errors
    /// [`Error::TaskNotFound`], or those of [`Store::caller`].
    pub async fn task(&self, owner: &Owner, task_id: TaskId, now: Timestamp) -> Result<Task<'static>, Error> {
        let read = self.read_of_task(owner.user_id(), task_id);
        let (_, mut rows) = self.read_while_alive(owner, now, [read]).await?;
        let row: Row = from_item(rows.remove(&self.tables.tasks).ok_or(Error::TaskNotFound)?)?;
        Ok(row.into())
    }

    /// What a page of a user's tasks is made of: one query that reads at most 1 MB.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn tasks(&self, owner: &Owner, query: &TaskQuery) -> Result<ListedTasks, Error> {
        let start = query.position.window.map(|task_id| task_key(owner.user_id(), task_id));
        let mut request = self
            .client()
            .query()
            .table_name(&self.tables.tasks)
            .key_condition_expression("user_id = :user_id")
            .expression_attribute_values(":user_id", string(owner.user_id()))
            .scan_index_forward(query.order == Direction::Asc)
            .consistent_read(true)
            .projection_expression(listed::ATTRIBUTES)
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
        Ok(ListedTasks::new(owner.user_id(), dynamodb::query(request).await?))
    }

    fn read_of_task(&self, user_id: UserId, task_id: TaskId) -> Read<'_> {
        Read { table: &self.tables.tasks, key: task_key(user_id, task_id), attributes: None }
    }
}

fn task_key(user_id: UserId, task_id: TaskId) -> Item {
    Item::from([("user_id".to_owned(), string(user_id)), ("task_id".to_owned(), number(task_id))])
}
