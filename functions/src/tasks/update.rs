//! `PUT /api/{user_id}/tasks/{task_id}`: changes what the body names and nothing else.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    domain::{Description, DueDate, Priority, Task, TaskChange, TaskWrite, Title},
    http::{Dialect, Request, Response},
};

use super::{describe_write, write};
use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "tasks-update",
    method: "PUT",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
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

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("UpdateTask", json!({"title": "Buy oat milk", "due_date": null}))
        .unless_absent("title", of::<Title>())
        .optional("description", of::<Description>())
        .unless_absent("completed", Typed::new(json!({"type": "boolean"})))
        .unless_absent("priority", of::<Priority>())
        .optional("due_date", of::<DueDate>());
    describe_write(operation)
        .about("Change a task", "What the body leaves out stays; `null` clears `description` and `due_date`.")
        .takes(fields)
        .answers(StatusCode::OK, "The task as it is now.", of::<Task<'_>>(), &["etag", "idempotency-replayed"])
}
