//! `PATCH /api/{user_id}/tasks/{task_id}/complete`: flips whether a task is done.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    domain::{Task, TaskWrite},
    http::{Dialect, Request, Response},
};

use super::{describe_write, write};
use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "tasks-complete",
    method: "PATCH",
    path: "/api/{user_id}/tasks/{task_id}/complete",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    write(app, request, Ok(TaskWrite::Flip)).await
}

pub(crate) fn describe(operation: Operation) -> Operation {
    describe_write(operation).about("Flip whether a task is done", "Two flips at once are two flips.").answers(
        StatusCode::OK,
        "The task as it is now.",
        of::<Task<'_>>(),
        &["etag", "idempotency-replayed"],
    )
}
