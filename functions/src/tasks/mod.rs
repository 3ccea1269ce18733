//! `/api/{user_id}/tasks…`: the tasks of a user, for that user alone.

pub mod complete;
pub mod create;
pub mod delete;
mod etag;
pub mod get;
pub mod list;
pub mod update;

use lambda_http::http::{StatusCode, header};
use shared::{
    Error,
    domain::{Task, TaskId},
    http::{Request, Response, json},
};

/// The task in the path. Text that is no id belongs to no task.
fn task_id(request: &Request) -> Result<TaskId, Error> {
    TaskId::parse(request.path_parameter("task_id")).ok_or(Error::TaskNotFound)
}

/// An answer that is a task, with its `ETag`.
fn task_answer(status: StatusCode, task: &Task) -> Result<Response, Error> {
    json(status, task)?.with_header(header::ETAG, &etag::of(task))
}
