//! `POST /api/auth/verify-email`: proves an address with the code from a mail.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, Verification},
    http::{self, Dialect, Request, Response},
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-email-code",
    method: "POST",
    path: "/api/auth/verify-email",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: Some(Limit::link("verify-email")),
    handle: |app, request| Box::pin(handle(app, request)),
};

/// That it is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailVerified)]
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
    http::json(StatusCode::OK, &Output { message })
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields =
        Fields::new("VerifyEmail", json!({"code": "AQID…"})).required("code", Typed::new(json!({"type": "string"})));
    operation
        .about("Prove an address with the code from a mail", "Also one that agrees to another address, or takes it.")
        .takes(fields)
        .stored()
        .answers(StatusCode::OK, "It is done.", of::<Output>(), &[])
        .refuses([Error::InvalidCode])
}
