//! `POST /api/auth/revoke-sessions`: ends all of the user's sessions.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response, cookies},
    identity::BrowserSession,
};

use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-revoke-sessions",
    method: "POST",
    path: "/api/auth/revoke-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = BrowserSession::find(app, request, false).await?;
    app.store.revoke_sessions(session.user().id).await?;
    Ok(cookies::clear(http::json(StatusCode::OK, &json!({"status": true}))?, &request.own_origin))
}
