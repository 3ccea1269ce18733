//! `POST /api/auth/login`: signs in with email and password.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{SessionTerms, sign_in},
    domain::{Email, Password},
    http::{self, Dialect, Request, Response},
    limits::Limit,
};

use super::token_response::TokenResponse;
use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-login",
    method: "POST",
    path: "/api/auth/login",
    dialect: Dialect::Plain,
    class: Class::Login,
    limit: Some(Limit::SIGN_IN),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let (email, password) = parse(request)?;
    let terms = SessionTerms::of_access_token(request, app.config.access_token_seconds);
    let (user, session) = sign_in(app, &email, &password, &terms, "").await?;
    http::json(StatusCode::OK, &TokenResponse::issue(app, request, user, &session)?)
}

fn parse(request: &Request) -> Result<(Email, Password), Error> {
    let mut fields = request.json()?;
    let email = fields.required("email", Email::parse_typed);
    // Whatever its length: one that cannot be set is simply wrong.
    let password = fields.required("password", |text| Ok(Password::new(text)));
    fields.finish(email.zip(password))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("LogIn", json!({"email": "demo@example.com", "password": "correct horse battery staple"}))
        .required("email", of::<Email>())
        .required("password", Typed::new(json!({"type": "string", "format": "password"})));
    operation
        .about("Sign in with email and password", "Wrong password and unknown email are answered alike, also in time.")
        .takes(fields)
        .stored()
        .answers(StatusCode::OK, "Signed in.", of::<TokenResponse>(), &[])
        .refuses([Error::InvalidCredentials, Error::AccountDisabled, Error::EmailNotVerified])
}
