//! `POST /api/auth/revoke-sessions`: ends all of the user's sessions.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{self, Dialect, Request, Response, cookies::SessionCookie},
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::status_json::StatusJson,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-revoke-sessions",
    method: "POST",
    path: "/api/auth/revoke-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("revoke-sessions")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = CurrentSession::find(app, request).await?;
    app.store.revoke_sessions(session.user().id).await?;
    Ok(http::json(StatusCode::OK, &StatusJson::DONE)?.with_session_cookie(SessionCookie::Removed, request))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation.about("End all sessions of the user", "").signed_in().answers(
        StatusCode::OK,
        "They have ended.",
        of::<StatusJson>(),
        &["set-cookie"],
    )
}
