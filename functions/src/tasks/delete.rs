//! `DELETE /api/{user_id}/tasks/{task_id}`: deletes a task and gives it as it was.

use shared::{
    App, Error,
    domain::TaskWrite,
    http::{Dialect, Request, Response},
};

use super::write;
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
    write(app, request, Ok(TaskWrite::Delete)).await
}
