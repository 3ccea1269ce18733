//! `GET /api/auth/token`: a JSON Web Token that tells other services for 15 minutes who is signed in.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{self, Dialect, Request, Response},
    identity::access_token,
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-token",
    method: "GET",
    path: "/api/auth/token",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = CurrentSession::find_and_extend(app, request).await?;
    let token = access_token::issue_for_services(
        &app.keys,
        session.user(),
        session.session(),
        &request.own_origin,
        app.clock.now(),
    )?;
    Ok(session.answer(app, request, http::json(StatusCode::OK, &json!({"token": token}))?))
}
