//! `GET /api/{user_id}/tasks/{task_id}`: one task.

use lambda_http::http::{StatusCode, header};
use shared::{
    App, Error,
    domain::{Task, Unmet},
    http::{Dialect, Request, Response},
};

use super::{alive, etag, owner, task_answer, task_id};
use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "tasks-get",
    method: "GET",
    path: "/api/{user_id}/tasks/{task_id}",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let owner = owner(app, request)?;
    let parsed = task_id(request).and_then(|task_id| Ok((task_id, etag::preconditions(request)?)));
    let (task, preconditions) = match parsed {
        Ok((task_id, preconditions)) => (app.store.task(&owner, task_id, app.clock.now()).await?, preconditions),
        // Whether the caller may know comes first.
        Err(refusal) => {
            alive(app, &owner).await?;
            return Err(refusal);
        }
    };
    match preconditions.check(task.version) {
        Ok(()) => task_answer(StatusCode::OK, &task),
        Err(Unmet::IfMatch) => Err(Error::PreconditionFailed),
        Err(Unmet::IfNoneMatch) => Response::new(StatusCode::NOT_MODIFIED).with_header(header::ETAG, &etag::of(&task)),
    }
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("One task", "")
        .signed_in()
        .header("if-match", etag::schema(), etag::IF_MATCH)
        .header("if-none-match", etag::schema(), etag::IF_NONE_MATCH)
        .answers(StatusCode::OK, "The task.", of::<Task<'_>>(), &["etag"])
        .answers_nothing(StatusCode::NOT_MODIFIED, "It is in a version that `If-None-Match` names.", &["etag"])
        .refuses([Error::AccessDenied, Error::TaskNotFound, Error::PreconditionFailed, Error::Validation(vec![])])
}
