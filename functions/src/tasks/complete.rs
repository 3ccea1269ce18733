//! `PATCH /api/{user_id}/tasks/{task_id}/complete`: flips whether a task is done.

use shared::{
    App, Error,
    domain::TaskWrite,
    http::{Dialect, Request, Response},
};

use super::write;
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
    write(app, request, Ok(TaskWrite::Flip)).await
}
