//! `PUT /api/{user_id}/tasks/{task_id}`: changes what the body names and nothing else.

use shared::{
    App, Error,
    domain::{Description, DueDate, Priority, TaskChange, TaskWrite, Title},
    http::{Dialect, Request, Response},
};

use super::write;
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
    write(app, request, parse(request).map(TaskWrite::Update)).await
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
