//! `POST /api/auth/update-session`: changes fields that a team has added to sessions, of which there are none here.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    error::BetterAuthRefusal,
    http::{Dialect, Request, Response, better_auth::Payload},
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-update-session",
    method: "POST",
    path: "/api/auth/update-session",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("update-session")),
    handle: |app, request| Box::pin(handle(app, request)),
};

const NO_FIELDS_TO_UPDATE: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: None, message: "No fields to update" };

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    Payload::record(request).finish(Some(()))?;
    CurrentSession::find(app, request).await?;
    Err(Error::from(&NO_FIELDS_TO_UPDATE))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Change the session's own fields", "There are none that could be changed.")
        .signed_in()
        .takes(Fields::new("BetterAuthUpdateSession", json!({})))
        .refuses([Error::from(&NO_FIELDS_TO_UPDATE)])
}
