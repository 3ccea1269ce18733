//! `POST /api/auth/verify-password`: whether a password is the user's.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    domain::Password,
    http::{self, Dialect, Request, Response, better_auth::Payload},
    identity::password_hash::Verdict,
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::status_json::StatusJson,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-password",
    method: "POST",
    path: "/api/auth/verify-password",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Hashing,
    limit: Some(Limit::password("verify-password")),
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
    http::json(StatusCode::OK, &StatusJson::DONE)
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("BetterAuthVerifyPassword", json!({"password": "a long enough password"}))
        .required("password", Typed::text(0, Password::MAX_CHARS));
    operation
        .about("Whether a password is the user's", "")
        .signed_in()
        .takes(fields)
        .answers(StatusCode::OK, "It is.", of::<StatusJson>(), &[])
        .refuses([Error::InvalidPassword, Error::PasswordTooLong])
}
