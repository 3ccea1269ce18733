//! `GET /api/auth/list-sessions`: the user's live sessions, for whoever signed in within a day.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    http::{Dialect, Request, Response, json},
    identity::BrowserSession,
};

use super::json::SessionJson;
use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-list-sessions",
    method: "GET",
    path: "/api/auth/list-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let now = app.clock.now();
    let principal = BrowserSession::presented(app, request);
    let rows = async {
        match principal {
            Some(principal) => app.store.sessions(principal.user_id, now).await,
            None => Ok(Vec::new()),
        }
    };
    // One that is fresh is too young to be extended.
    let (session, rows) = tokio::join!(BrowserSession::find(app, request, false), rows);
    let session = session?;
    session.check_fresh(now)?;
    let rows = rows?;
    let live: Vec<_> = rows
        .iter()
        .filter(|row| row.epoch >= session.user().session_epoch)
        .map(|row| SessionJson::of(app, row))
        .collect();
    json(StatusCode::OK, &live)
}
