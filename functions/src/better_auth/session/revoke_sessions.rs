//! `POST /api/auth/revoke-sessions`: ends all of the user's sessions.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{self, Dialect, Request, Response, cookies::SessionCookie},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-revoke-sessions",
    method: "POST",
    path: "/api/auth/revoke-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = CurrentSession::find(app, request).await?;
    app.store.revoke_sessions(session.user().id).await?;
    Ok(http::json(StatusCode::OK, &json!({"status": true}))?.with_session_cookie(SessionCookie::Removed, request))
}
