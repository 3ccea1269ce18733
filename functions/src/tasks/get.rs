//! `GET /api/{user_id}/tasks/{task_id}`: one task.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
    ownership::Owner,
};

use super::{task_answer, task_id};
use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-get",
    method: "GET",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = Owner::of(app, request)?;
    let task = match task_id(request) {
        Ok(task_id) => owner.task(app, task_id).await?,
        // Whether the caller may know comes first.
        Err(no_such_task) => owner.while_alive(app, async { Err(no_such_task) }).await?,
    };
    task_answer(StatusCode::OK, &task)
}
