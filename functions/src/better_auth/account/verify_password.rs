//! `POST /api/auth/verify-password`: whether a password is the user's.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    domain::Password,
    http::{self, Dialect, Request, Response, better_auth::Payload},
    identity::password_hash::Verdict,
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-password",
    method: "POST",
    path: "/api/auth/verify-password",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Hashing,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let password = fields.string("password");
    let password = fields.finish(password)?;
    let (_, account) = CurrentSession::find_with_account(app, request).await?;
    let password = Password::parse_short(password)?;
    if let Verdict::Wrong = app.passwords.verify(&password, Some(&account.password_hash)).await? {
        return Err(Error::InvalidPassword);
    }
    http::json(StatusCode::OK, &json!({"status": true}))
}
