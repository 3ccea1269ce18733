//! `GET /api/auth/list-sessions`: the user's live sessions, for whoever signed in within a day.

use lambda_http::http::StatusCode;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{Dialect, Request, Response, json},
    limits::Limit,
};

use super::session_json::SessionJson;
use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-list-sessions",
    method: "GET",
    path: "/api/auth/list-sessions",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("list-sessions")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let now = app.clock.now();
    // One that is fresh is too young to be extended. Who may not have the list does not make the store read it.
    let session = CurrentSession::find(app, request).await?;
    session.check_fresh(now)?;
    let mut rows = app.store.sessions(session.user().id, now).await?;
    rows.retain(|row| !row.is_revoked(session.user()));
    // One query does not have them all where there are thousands that have ended.
    if !rows.iter().any(|row| row.id == session.session().id) {
        rows.push(session.session().clone());
    }
    let live: Vec<_> = rows.iter().map(|row| SessionJson::of(app, row)).collect();
    json(StatusCode::OK, &live)
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("The user's live sessions", "For whoever signed in within a day.")
        .signed_in()
        .answers(StatusCode::OK, "The sessions.", of::<SessionJson<'_>>().list(), &[])
        .refuses([Error::SessionNotFresh])
}
