//! `POST /api/{user_id}/tasks`: makes a task.

use lambda_http::http::{HeaderName, StatusCode};
use shared::{
    App, Error,
    domain::{Description, DueDate, IdempotencyKey, NewTask, Priority, Title},
    http::{Dialect, Request, Response},
};

use super::{live_owner, task_answer};
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

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = live_owner(app, request).await?;
    let task = parse(request)?;
    let key = idempotency_key(request)?;
    let task = app.store.create_task(&owner, &task, key.as_ref(), app.clock.now(), &app.random).await?;
    let location = format!("/api/{}/tasks/{}", task.user_id, task.id);
    Ok(task_answer(StatusCode::CREATED, &task)?.with_location(&location))
}

fn parse(request: &Request) -> Result<NewTask, Error> {
    let mut fields = request.json()?;
    let title = fields.required("title", Title::parse);
    let description = fields.optional("description", Description::parse);
    let priority = fields.unless_absent("priority", Priority::parse).unwrap_or_default();
    let due_date = fields.optional("due_date", DueDate::parse);
    fields.finish(title.map(|title| NewTask { title, description, priority, due_date }))
}

fn idempotency_key(request: &Request) -> Result<Option<IdempotencyKey>, Error> {
    let key = request.header(IDEMPOTENCY_KEY).map(IdempotencyKey::parse);
    key.transpose().map_err(|invalid| Error::invalid("idempotency-key", invalid))
}
