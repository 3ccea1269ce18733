//! `POST /api/auth/reset-password`: sets a new password for whoever has the token from a mail.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error, accounts,
    domain::NewPassword,
    http::{
        Dialect, Request, Response,
        better_auth::{INVALID_TOKEN, Payload},
        json,
    },
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-reset-password",
    method: "POST",
    path: "/api/auth/reset-password",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Login,
    handle: |app, request| Box::pin(handle(app, request)),
};

/// Both dialects have a route of this path. A body with a `code` speaks the plain one.
async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    if Payload::record(request).any("code").is_none() {
        return by_token(app, request).await;
    }
    let answer = crate::auth::reset_password::handle(app, request).await;
    Ok(answer.unwrap_or_else(|error| Dialect::Plain.render(&error, request)))
}

async fn by_token(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let new_password = fields.string("newPassword");
    let token = fields.optional_string("token");
    let new_password = fields.finish(new_password)?;
    let query = request.query();
    let token = token.filter(|token| !token.is_empty()).or_else(|| query.get("token")).unwrap_or_default();
    if token.is_empty() {
        return Err(Error::from(&INVALID_TOKEN));
    }
    let new_password = NewPassword::parse_better_auth(new_password)?;
    match accounts::reset_password(app, request, token, &new_password).await? {
        Ok(_) => json(StatusCode::OK, &json!({"status": true})),
        Err(_) => Err(Error::from(&INVALID_TOKEN)),
    }
}
