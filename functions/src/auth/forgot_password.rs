//! `POST /api/auth/forgot-password`: sends a code to set a new password, and does not say whether there is anybody to send it to.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error, accounts,
    domain::{Email, Invalid},
    http::{
        self, Dialect, Request, Response,
        better_auth::{REDIRECT_BYTES, is_trusted_redirect},
    },
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-forgot-password",
    method: "POST",
    path: "/api/auth/forgot-password",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: Some(Limit::REQUEST_PASSWORD_RESET),
    handle: |app, request| Box::pin(handle(app, request)),
};

/// That it is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasswordResetAsked)]
struct Output {
    message: &'static str,
}

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let (email, redirect_to) = parse(app, request)?;
    if !app.config.mails.enabled {
        return Err(Error::MailDisabled);
    }
    accounts::request_password_reset(app, request, &email, &redirect_to).await?;
    http::json(StatusCode::OK, &Output { message: "If this email has an account, a code is on its way to it" })
}

fn parse(app: &App, request: &Request) -> Result<(Email, String), Error> {
    let mut fields = request.json()?;
    let email = fields.required("email", Email::parse_typed);
    let redirect_to = fields.optional("redirect_to", |url| {
        let is_trusted = url.len() <= REDIRECT_BYTES && is_trusted_redirect(url, request, &app.config);
        is_trusted.then(|| url.to_owned()).ok_or_else(|| {
            Invalid::from(
                "The redirect_to must be a path of this site or lead to a trusted origin, in at most 2000 bytes.",
            )
        })
    });
    fields.finish(email.map(|email| (email, redirect_to.unwrap_or_else(|| accounts::reset_page(app, request)))))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("ForgotPassword", json!({"email": "ann@example.com"}))
        .required("email", of::<Email>())
        .optional("redirect_to", Typed::url(REDIRECT_BYTES));
    operation
        .about("Ask for a code that sets a new password", "The answer is the same where nobody has the address.")
        .takes(fields)
        .stored()
        .answers(StatusCode::OK, "It is on its way, if there is an account.", of::<Output>(), &[])
        .refuses([Error::MailDisabled])
}
