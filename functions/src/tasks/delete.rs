//! `DELETE /api/{user_id}/tasks/{task_id}`: deletes a task and gives it as it was.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
};

use super::{etag, live_owner, task_answer, task_id};
use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-delete",
    method: "DELETE",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = live_owner(app, request).await?;
    let task = app.store.delete_task(&owner, task_id(request)?, &etag::precondition(request)).await?;
    task_answer(StatusCode::OK, &task)
}
