//! `GET /api/auth/me`: who is calling.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response, json},
};

use super::token_response::UserResponse;
use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-me",
    method: "GET",
    path: "/api/auth/me",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let principal = app.principal(request)?;
    let caller = app.store.caller(&principal, app.clock.now()).await?;
    json(StatusCode::OK, &UserResponse::from(caller.user))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Who is calling", "")
        .signed_in()
        .answers(StatusCode::OK, "The caller.", of::<UserResponse>(), &[])
        .refuses([Error::UserNotFound])
}
