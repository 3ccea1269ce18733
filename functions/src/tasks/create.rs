//! `POST /api/{user_id}/tasks`: makes a task.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    domain::{Description, DueDate, NewTask, Priority, Title},
    http::{Dialect, Request, Response},
};

use super::{idempotency_key, live_owner, write_answer};
use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "tasks-create",
    method: "POST",
    path: "/api/{user_id}/tasks",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = live_owner(app, request).await?;
    let task = parse(request)?;
    let key = idempotency_key(request)?;
    let result = app.store.create_task(&owner, &task, key.as_ref(), app.clock.now(), &app.random).await?;
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
