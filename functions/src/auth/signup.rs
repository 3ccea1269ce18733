//! `POST /api/auth/signup`: makes an account and signs it in.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{Registration, SessionTerms, SignUpOutcome, sign_up},
    domain::{Email, Name, NewPassword},
    http::{self, Dialect, Request, Response},
    limits::Limit,
};

use super::token_response::TokenResponse;
use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-signup",
    method: "POST",
    path: "/api/auth/signup",
    dialect: Dialect::Plain,
    class: Class::Hashing,
    limit: Some(Limit::SIGN_UP),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let registration = parse(request)?;
    let terms = SessionTerms::of_access_token(request, app.config.access_token_seconds);
    let body = match sign_up(app, registration, &terms, "").await? {
        SignUpOutcome::SignedIn(signed_in) => TokenResponse::issue(app, request, signed_in.0, &signed_in.1)?,
        SignUpOutcome::ToBeVerified(user) => TokenResponse::without_token(*user),
    };
    http::json(StatusCode::CREATED, &body)
}

fn parse(request: &Request) -> Result<Registration, Error> {
    let mut fields = request.json()?;
    let email = fields.required("email", Email::parse_typed);
    let password = fields.required("password", NewPassword::parse);
    let name = fields.optional("name", Name::parse).flatten();
    fields.finish(email.zip(password).map(|(email, password)| Registration {
        name: Name::or_local_part(name, &email),
        email,
        password,
        image: None,
    }))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("SignUp", json!({"email": "ann@example.com", "password": "a long enough password"}))
        .required("email", of::<Email>())
        .required("password", of::<NewPassword>())
        .optional("name", of::<Name>());
    operation
        .about("Make an account and sign it in", "Without a name, it is the part of the email before the `@`.")
        .takes(fields)
        .stored()
        .answers(StatusCode::CREATED, "The account is made and signed in.", of::<TokenResponse>(), &[])
        .refuses([Error::EmailTaken])
}
