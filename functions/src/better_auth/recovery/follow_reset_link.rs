//! `GET /api/auth/reset-password/{token}`: leads from the mail to the page that sets the new password. Nothing is used up, so that
//! a scanner of mails that follows links does no harm.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::find_by_reset_token,
    http::{
        Dialect, Request, Response,
        better_auth::{Callback, INVALID_CALLBACK_URL, error_page, redirect_to_absolute_callback},
    },
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-follow-reset-link",
    method: "GET",
    path: "/api/auth/reset-password/{token}",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::link("follow-reset-link")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let callback = Callback::required(request, &app.config)?;
    if callback.is_empty() {
        return Ok(error_page(request, "INVALID_TOKEN"));
    }
    let token = request.path_parameter("token");
    let parameter = match find_by_reset_token(app, token).await? {
        Ok(_) => ("token", token),
        Err(_) => ("error", "INVALID_TOKEN"),
    };
    Ok(redirect_to_absolute_callback(request, &callback, &[parameter]))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Follow the link that sets a new password", "Nothing is used up.")
        .stored()
        .required_query(
            "callbackURL",
            Typed::new(json!({"type": "string"})),
            "Where to go next: a path of this site, or a trusted origin.",
        )
        .answers_nothing(StatusCode::FOUND, "To `callbackURL`, with `token` or `error` in its query.", &["location"])
        .refuses([Error::Validation(vec![]), Error::from(&INVALID_CALLBACK_URL)])
}
