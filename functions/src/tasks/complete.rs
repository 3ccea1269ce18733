//! `PATCH /api/{user_id}/tasks/{task_id}/complete`: flips whether a task is done.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
};

use super::{etag, live_owner, task_answer, task_id};
use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-complete",
    method: "PATCH",
    path: "/api/{user_id}/tasks/{task_id}/complete",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = live_owner(app, request).await?;
    let precondition = etag::precondition(request);
    let task = app.store.flip_task(&owner, task_id(request)?, &precondition, app.clock.now()).await?;
    task_answer(StatusCode::OK, &task)
}
