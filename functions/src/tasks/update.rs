//! `PUT /api/{user_id}/tasks/{task_id}`: changes what the body names and nothing else.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    domain::{Description, DueDate, Priority, TaskChange, Title},
    http::{Dialect, Request, Response},
};

use super::{etag, live_owner, task_answer, task_id};
use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-update",
    method: "PUT",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = live_owner(app, request).await?;
    let task_id = task_id(request)?;
    let change = parse(request)?;
    let precondition = etag::precondition(request);
    let task = app.store.update_task(&owner, task_id, &change, &precondition, app.clock.now()).await?;
    task_answer(StatusCode::OK, &task)
}

fn parse(request: &Request) -> Result<TaskChange, Error> {
    let mut fields = request.json()?;
    let change = TaskChange {
        title: fields.unless_absent("title", Title::parse),
        description: fields.clearable("description", Description::parse),
        completed: fields.boolean_unless_absent("completed"),
        priority: fields.unless_absent("priority", Priority::parse),
        due_date: fields.clearable("due_date", DueDate::parse),
    };
    fields.finish(Some(change))
}
