//! `GET /api/{user_id}/tasks`: the caller's tasks, filtered, sorted and in pages.

use lambda_http::http::{StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use shared::{
    App, Error,
    domain::{Direction, DueDate, Invalid, Position, Priority, SearchText, Sort, Status, Task, TaskQuery},
    http::{self, Dialect, Query, Request, Response},
    identity::cursor,
    ownership::Owner,
};

use super::live_owner;
use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "tasks-list",
    method: "GET",
    path: "/api/{user_id}/tasks",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    // Not beside the check: a page is up to a megabyte, which a session that has ended must not make the store read.
    let owner = live_owner(app, request).await?;
    let owner = owner.get();
    let query = parse(app, request, owner)?;
    let listed = app.store.tasks(owner, &query).await?;
    let page = listed.page(&query)?;
    let response = http::json(StatusCode::OK, &page.tasks)?;
    match page.next {
        None => Ok(response),
        Some(next) => response.with_header(header::LINK, &link(app, request, owner, &query, &next)?),
    }
}

fn parse(app: &App, request: &Request, owner: &Owner) -> Result<TaskQuery, Error> {
    let mut parameters = request.query();
    let query = filters(&mut parameters);
    let query = TaskQuery { limit: parameters.optional("limit", limit).unwrap_or(query.limit), ..query };
    let cursor = parameters.filled("cursor").map(str::to_owned);
    parameters.finish()?;
    let position = match cursor {
        None => Position::default(),
        Some(cursor) => cursor::read(&app.keys, owner.user_id(), &query, &cursor)?,
    };
    Ok(TaskQuery { position, ..query })
}

/// Which tasks a list is to have, in which order.
pub fn filters(parameters: &mut Query) -> TaskQuery {
    TaskQuery {
        status: parameters.optional("status", Status::parse).unwrap_or_default(),
        priority: parameters.optional("priority", Priority::parse),
        due_before: parameters.optional("due_before", DueDate::parse),
        due_after: parameters.optional("due_after", DueDate::parse),
        text: parameters.optional("q", SearchText::parse),
        sort: parameters.optional("sort", Sort::parse).unwrap_or_default(),
        order: parameters.optional("order", Direction::parse).unwrap_or_default(),
        limit: TaskQuery::MAX_LIMIT,
        position: Position::default(),
    }
}

fn limit(text: &str) -> Result<usize, Invalid> {
    match text.parse() {
        // Digits alone: no sign, no leading zeros.
        Ok(limit @ 1..=TaskQuery::MAX_LIMIT) if limit.to_string() == text => Ok(limit),
        _ => Err("The limit must be a whole number from 1 to 1000.".into()),
    }
}

/// The next page (RFC 8288): the same URL with a new cursor. It is short, or the gateway would not pass it: dates are written as
/// they are understood, whatever digits were sent.
fn link(app: &App, request: &Request, owner: &Owner, query: &TaskQuery, next: &Position) -> Result<String, Error> {
    let cursor = cursor::issue(&app.keys, owner.user_id(), query, next)?;
    let kept = request.query();
    let mut parameters = String::new();
    for name in ["status", "priority", "due_before", "due_after", "q", "sort", "order", "limit"] {
        let date = match name {
            "due_before" => query.due_before.as_ref(),
            "due_after" => query.due_after.as_ref(),
            _ => None,
        };
        if let Some(value) = date.map(DueDate::as_str).or(kept.filled(name)) {
            parameters.push_str(&format!("{name}={}&", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        }
    }
    Ok(format!("</api/{}/tasks?{parameters}cursor={cursor}>; rel=\"next\"", owner.user_id()))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let text = || Typed::new(json!({"type": "string"}));
    let number = Typed::new(
        json!({"type": "integer", "minimum": 1, "maximum": TaskQuery::MAX_LIMIT, "default": TaskQuery::MAX_LIMIT}),
    );
    operation
        .about(
            "List tasks",
            "The newest first, unless it is sorted otherwise. Where there may be more, `Link` leads to the next page; the body stays an array.",
        )
        .signed_in()
        .query("status", of::<Status>(), "Only these; all by default.")
        .query("priority", of::<Priority>(), "Only these.")
        .query("due_before", of::<DueDate>(), "Due before this, exclusive. A date is the first moment of its day in UTC.")
        .query("due_after", of::<DueDate>(), "Due after this, exclusive.")
        .query("q", text(), "Text in title or description, whatever its case.")
        .query("sort", of::<Sort>(), "By the time of making, by default. Tasks without a due date come last in either direction.")
        .query("order", of::<Direction>(), "`desc` by default.")
        .query("limit", number, "The most tasks of one answer.")
        .query("cursor", text(), "Where to go on: from a `Link`, with the same filters, `sort` and `order`.")
        .answers(StatusCode::OK, "A page of tasks.", of::<Task<'_>>().list(), &["link"])
        .refuses([Error::AccessDenied, Error::Validation(vec![])])
}
