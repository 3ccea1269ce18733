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
    App, Error,
    domain::{Task, TaskId},
    http::{Request, Response, json},
    identity::{Alive, Principal},
    ownership::Owner,
};

/// The caller, whose tasks the path names.
fn owner(app: &App, request: &Request) -> Result<Owner, Error> {
    Owner::of(app.principal(request)?, request.path_parameter("user_id"))
}

/// The same, known to be signed in, before anything changes.
async fn live_owner(app: &App, request: &Request) -> Result<Alive<Owner>, Error> {
    alive(app, owner(app, request)?).await
}

/// Makes sure that somebody's session is alive.
async fn alive<T: AsRef<Principal>>(app: &App, who: T) -> Result<Alive<T>, Error> {
    app.store.check_alive(who, app.clock.now()).await
}

/// The task in the path. Text that is no id belongs to no task.
fn task_id(request: &Request) -> Result<TaskId, Error> {
    TaskId::parse(request.path_parameter("task_id")).ok_or(Error::TaskNotFound)
}

/// An answer that is a task, with its `ETag`.
fn task_answer(status: StatusCode, task: &Task) -> Result<Response, Error> {
    json(status, task)?.with_header(header::ETAG, &etag::of(task))
}
