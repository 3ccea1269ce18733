//! `DELETE /api/{user_id}/tasks/{task_id}`: deletes a task and gives it as it was.

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
    name: "tasks-delete",
    method: "DELETE",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    write(app, request, Ok(TaskWrite::Delete)).await
}

pub(crate) fn describe(operation: Operation) -> Operation {
    describe_write(operation).about("Delete a task", "").answers(
        StatusCode::OK,
        "The task as it was.",
        of::<Task<'_>>(),
        &["etag", "idempotency-replayed"],
    )
}
