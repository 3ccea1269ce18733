//! `POST /api/auth/verify-password`: whether a password is the user's.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    domain::Password,
    http::{self, Dialect, Request, Response, Schema},
    identity::{BrowserSession, password_hash::Verdict},
};

use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-password",
    method: "POST",
    path: "/api/auth/verify-password",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Schema::object(request);
    let password = fields.string("password");
    let password = fields.finish(password)?;
    let (_, account) = BrowserSession::require_with_account(app, request).await?;
    let password = Password::parse_utf16(password)?;
    if app.passwords.verify(&password, Some(&account.password_hash)).await? == Verdict::Wrong {
        return Err(Error::InvalidPassword);
    }
    http::json(StatusCode::OK, &json!({"status": true}))
}
