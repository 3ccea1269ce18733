//! `/api/{user_id}/tasks…`: the tasks of a user, for that user alone.

pub mod complete;
pub mod create;
pub mod delete;
mod etag;
pub mod get;
pub mod list;
pub mod update;

use lambda_http::http::{HeaderName, StatusCode, header};
use serde_json::json;
use shared::{
    App, Error,
    domain::{IdempotencyKey, Task, TaskId, TaskWrite, WriteResult},
    http::{Request, Response, json},
    identity::{Alive, Principal},
    ownership::Owner,
};

use crate::openapi::{Operation, Typed};

/// The caller, whose tasks the path names.
fn owner(app: &App, request: &Request) -> Result<Owner, Error> {
    Owner::of(app.principal(request)?, request.path_parameter("user_id"))
}

/// The same, known to be signed in, before anything changes.
async fn live_owner(app: &App, request: &Request) -> Result<Alive<Owner>, Error> {
    alive(app, owner(app, request)?).await
}

/// Makes sure that somebody's session is alive.
async fn alive<T: AsRef<Principal>>(app: &App, who: T) -> Result<Alive<T>, Error> {
    app.store.check_alive(who, app.clock.now()).await
}

/// The task in the path. Text that is no id belongs to no task.
fn task_id(request: &Request) -> Result<TaskId, Error> {
    TaskId::parse(request.path_parameter("task_id")).ok_or(Error::TaskNotFound)
}

/// Does something to the task in the path. Whether the caller may know of it comes first, before what is wrong with the request.
async fn write(app: &App, request: &Request, write: Result<TaskWrite, Error>) -> Result<Response, Error> {
    let owner = owner(app, request)?;
    let parsed = task_id(request).and_then(|task_id| {
        let write = write?;
        Ok((task_id, write, etag::preconditions(request)?, idempotency_key(request)?))
    });
    let (task_id, write, preconditions, key) = match parsed {
        Ok(parsed) => parsed,
        Err(refusal) => {
            alive(app, &owner).await?;
            return Err(refusal);
        }
    };
    let wanted = (task_id, &write, &preconditions);
    let result = app.store.write_task(&owner, wanted, key.as_ref(), app.clock.now(), &app.random).await;
    write_answer(StatusCode::OK, &result?)
}

/// The key that the client chose for this request.
fn idempotency_key(request: &Request) -> Result<Option<IdempotencyKey>, Error> {
    const NAME: HeaderName = HeaderName::from_static("idempotency-key");
    let key = request.header(NAME).map(IdempotencyKey::parse);
    key.transpose().map_err(|invalid| Error::invalid(NAME.as_str(), invalid))
}

/// An answer that is what came of a write, and says whether that was done by an earlier request.
fn write_answer(status: StatusCode, result: &WriteResult) -> Result<Response, Error> {
    let answer = task_answer(status, &result.task)?;
    let replayed = HeaderName::from_static("idempotency-replayed");
    Ok(if result.is_replay { answer.with_static_header(replayed, "true") } else { answer })
}

/// An answer that is a task, with its `ETag`.
fn task_answer(status: StatusCode, task: &Task<'_>) -> Result<Response, Error> {
    json(status, task)?.with_header(header::ETAG, &etag::of(task))
}

/// What `Idempotency-Key` is for, in the API's description.
const IDEMPOTENCY_KEY: &str = "Names this request, so that it may be sent again: for 24 hours, the same request with the same key gives \
    the first answer again and changes nothing more. Another request with it is a 422.";

fn idempotency_key_schema() -> Typed {
    Typed::new(json!({"type": "string", "pattern": "^[!-~]{1,255}$"}))
}

/// What every change of a task takes and can refuse.
fn describe_write(operation: Operation) -> Operation {
    operation
        .signed_in()
        .header("if-match", etag::schema(), etag::IF_MATCH)
        .header("if-none-match", etag::schema(), etag::IF_NONE_MATCH)
        .header("idempotency-key", idempotency_key_schema(), IDEMPOTENCY_KEY)
        .refuses([Error::AccessDenied, Error::TaskNotFound, Error::PreconditionFailed])
        .refuses([Error::IdempotencyKeyReused, Error::Validation(vec![])])
}
