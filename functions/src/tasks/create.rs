//! `POST /api/{user_id}/tasks`: makes a task.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    domain::{Description, DueDate, NewTask, Priority, Task, Title},
    http::{Dialect, Request, Response},
};

use super::{IDEMPOTENCY_KEY, idempotency_key, idempotency_key_schema, owner, write_answer};
use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "tasks-create",
    method: "POST",
    path: "/api/{user_id}/tasks",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let now = app.clock.now();
    let (owner, room) = app.store.check_alive_with_room(owner(app, request)?, app.config.max_tasks, now).await?;
    let task = parse(request)?;
    let key = idempotency_key(request)?;
    let result = app.store.create_task_in_room((&owner, &room), &task, key.as_ref(), now, &app.random).await?;
    let location = format!("/api/{}/tasks/{}", result.task.user_id, result.task.id);
    Ok(write_answer(StatusCode::CREATED, &result)?.with_location(&location))
}

fn parse(request: &Request) -> Result<NewTask, Error> {
    let mut fields = request.json()?;
    let title = fields.required("title", Title::parse);
    let description = fields.optional("description", Description::parse);
    let priority = fields.unless_absent("priority", Priority::parse).unwrap_or_default();
    let due_date = fields.optional("due_date", DueDate::parse);
    fields.finish(title.map(|title| NewTask { title, description, priority, due_date }))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("CreateTask", json!({"title": "Buy milk", "priority": "high", "due_date": "2026-12-01"}))
        .required("title", of::<Title>())
        .optional("description", of::<Description>())
        .unless_absent("priority", of::<Priority>())
        .optional("due_date", of::<DueDate>());
    operation
        .about("Make a task", "Without a priority, it is `medium`.")
        .signed_in()
        .takes(fields)
        .header("idempotency-key", idempotency_key_schema(), IDEMPOTENCY_KEY)
        .answers(StatusCode::CREATED, "The task.", of::<Task<'_>>(), &["etag", "idempotency-replayed", "location"])
        .refuses([Error::AccessDenied, Error::IdempotencyKeyReused, Error::TooManyTasks])
}
