//! `POST /api/auth/revoke-other-sessions`: ends all of the user's sessions but the caller's.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{self, Dialect, Request, Response},
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::status_json::StatusJson,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-revoke-other-sessions",
    method: "POST",
    path: "/api/auth/revoke-other-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("revoke-other-sessions")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = CurrentSession::find(app, request).await?;
    match app.store.revoke_other_sessions(&session.caller).await {
        // If this session has asked twice at once, it is alive, and has revoked the others.
        Err(Error::SessionEnded(_)) => drop(CurrentSession::find(app, request).await?),
        result => result?,
    }
    http::json(StatusCode::OK, &StatusJson::DONE)
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation.about("End all other sessions of the user", "").signed_in().answers(
        StatusCode::OK,
        "They have ended.",
        of::<StatusJson>(),
        &[],
    )
}
