//! `POST /api/auth/request-password-reset`: sends a link to set a new password, and does not say whether there is anybody to send
//! it to.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error, accounts,
    error::BetterAuthRefusal,
    http::{Dialect, Request, Response, better_auth::Payload, json},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-request-password-reset",
    method: "POST",
    path: "/api/auth/request-password-reset",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
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
    let redirect_to = fields.optional_string("redirectTo").unwrap_or_default();
    let email = fields.finish(email)?;
    if !app.config.mails.enabled {
        return Err(Error::from(&RESET_PASSWORD_DISABLED));
    }
    accounts::request_password_reset(app, request, &email, redirect_to).await?;
    let message = "If this email exists in our system, check your email for the reset link";
    json(StatusCode::OK, &json!({"status": true, "message": message}))
}
