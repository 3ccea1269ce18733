//! `POST /api/auth/request-password-reset`: sends a link to set a new password, and does not say whether there is anybody to send
//! it to.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error, accounts,
    domain::Email,
    error::BetterAuthRefusal,
    http::{
        self, Dialect, Request, Response,
        better_auth::{Payload, REDIRECT_BYTES},
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
    name: "auth-request-password-reset",
    method: "POST",
    path: "/api/auth/request-password-reset",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::REQUEST_PASSWORD_RESET),
    handle: |app, request| Box::pin(handle(app, request)),
};

const RESET_PASSWORD_DISABLED: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::BAD_REQUEST,
    code: Some("RESET_PASSWORD_DISABLED"),
    message: "Reset password isn't enabled",
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let email = fields.email("email");
    let redirect_to = fields.redirect("redirectTo").unwrap_or_default();
    let email = fields.finish(email)?;
    if !app.config.mails.enabled {
        return Err(Error::from(&RESET_PASSWORD_DISABLED));
    }
    accounts::request_password_reset(app, request, &email, redirect_to).await?;
    let message = "If this email exists in our system, check your email for the reset link";
    http::json(StatusCode::OK, &AskedJson { status: true, message })
}

/// That it is asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthResetAsked)]
struct AskedJson {
    status: bool,
    message: &'static str,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new(
        "BetterAuthRequestPasswordReset",
        json!({"email": "ann@example.com", "redirectTo": "/reset-password"}),
    )
    .required("email", of::<Email>())
    .unless_absent("redirectTo", Typed::url(REDIRECT_BYTES));
    operation
        .about("Ask for a link that sets a new password", "The answer is the same where nobody has the address.")
        .takes(fields)
        .stored()
        .answers(StatusCode::OK, "It is on its way, if there is an account.", of::<AskedJson>(), &[])
        .refuses([Error::from(&RESET_PASSWORD_DISABLED)])
}
