//! `GET /api/{user_id}/tasks/{task_id}`: one task.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
};

use super::{alive, owner, task_answer, task_id, without_account};
use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-get",
    method: "GET",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = owner(app, request)?;
    let task = match task_id(request) {
        Ok(task_id) => app.store.task(&owner, task_id, app.clock.now()).await.map_err(without_account)?,
        // Whether the caller may know comes first.
        Err(no_such_task) => {
            alive(app, &owner).await?;
            return Err(no_such_task);
        }
    };
    task_answer(StatusCode::OK, &task)
}
