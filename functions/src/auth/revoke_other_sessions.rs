//! `POST /api/auth/revoke-other-sessions`: ends all of the user's sessions but the caller's.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response},
    identity::BrowserSession,
};

use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-revoke-other-sessions",
    method: "POST",
    path: "/api/auth/revoke-other-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = BrowserSession::find(app, request, false).await?;
    match app.store.revoke_other_sessions(&session.caller).await {
        // If this session has asked twice at once, it is alive, and has revoked the others.
        Err(Error::SessionEnded(_)) => drop(BrowserSession::find(app, request, false).await?),
        result => result?,
    }
    http::json(StatusCode::OK, &json!({"status": true}))
}
