//! `POST /api/auth/logout`: ends the session that the credential belongs to.

use lambda_http::http::StatusCode;
use serde::Serialize;
use shared::{
    App, Error,
    http::{Dialect, Request, Response, json},
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-logout",
    method: "POST",
    path: "/api/auth/logout",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let principal = app.principal(request)?;
    app.store.check_alive(&principal, app.clock.now()).await?;
    app.store.delete_session(&principal).await?;
    json(StatusCode::OK, &Message { message: "Successfully logged out" })
}

/// A sentence for a person.
#[derive(Debug, Serialize, ToSchema)]
struct Message {
    message: &'static str,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Sign out", "The session of the credential ends, and every token of it with it.")
        .signed_in()
        .answers(StatusCode::OK, "Signed out.", of::<Message>(), &[])
}
