//! `PATCH /api/{user_id}/tasks/{task_id}/complete`: flips whether a task is done.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
    ownership::Owner,
};

use super::{etag, task_answer, task_id};
use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-complete",
    method: "PATCH",
    path: "/api/{user_id}/tasks/{task_id}/complete",
    dialect: Dialect::Plain,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = Owner::of(app, request)?.confirm(app).await?;
    let precondition = etag::precondition(request);
    let task = app.store.flip_task(&owner, task_id(request)?, &precondition, app.clock.now()).await?;
    task_answer(StatusCode::OK, &task)
}
