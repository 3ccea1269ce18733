//! `POST /api/auth/verify-email`: proves an address with the code from a mail.

use lambda_http::http::StatusCode;
use serde::Serialize;
use shared::{
    App, Error,
    accounts::{self, Verification},
    http::{Dialect, Request, Response, json},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-email-code",
    method: "POST",
    path: "/api/auth/verify-email",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

#[derive(Serialize)]
struct Output {
    message: &'static str,
}

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = request.json()?;
    let code = fields.required("code", |text| Ok(text.trim().to_owned()));
    let code = fields.finish(code)?;
    let message = match accounts::verify_email(app, request, &code, "").await? {
        Verification::AlreadyVerified | Verification::Verified(_) => "Email verified",
        Verification::ChangeConfirmed => "Email change confirmed; a code is on its way to the new address",
        Verification::EmailChanged(_) => "Email changed",
        Verification::Refused(_) => return Err(Error::InvalidCode),
    };
    json(StatusCode::OK, &Output { message })
}
