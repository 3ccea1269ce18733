//! Errors of the plain dialect: problem details (RFC 9457).

use std::borrow::Cow;

use lambda_http::http::{StatusCode, header};
use serde::Serialize;

use super::Response;
use crate::{Error, error::Violation};

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Violation],
    #[serde(skip_serializing_if = "str::is_empty")]
    request_id: &'a str,
}

/// The answer to a request that failed.
pub(super) fn render(error: &Error, request_id: &str) -> Response {
    let status = status(error);
    let problem = Problem {
        // RFC 9457, section 4.2.1: the problem is what its status says; `code` tells more.
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: &detail(error),
        code: error.code(),
        errors: match error {
            Error::Validation(violations) => violations,
            _ => &[],
        },
        request_id,
    };
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let response = Response::new(status).with_body("application/problem+json", body);
    match error {
        Error::Unavailable(_) => response.with_static_header(header::RETRY_AFTER, "1"),
        // RFC 9110, section 15.5.6.
        Error::MethodNotAllowed(allowed) => response.with_header_if_valid(header::ALLOW, allowed),
        // RFC 9110, section 15.5.2: every 401 says how to authenticate.
        _ if status == StatusCode::UNAUTHORIZED => response.with_static_header(header::WWW_AUTHENTICATE, "Bearer"),
        _ => response,
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::MalformedJson(_) | Error::EmailTaken => StatusCode::BAD_REQUEST,
        Error::NotAuthenticated(_) | Error::SessionEnded(_) | Error::InvalidCredentials | Error::InvalidPassword => {
            StatusCode::UNAUTHORIZED
        }
        Error::SessionNotFresh
        | Error::AccountDisabled
        | Error::AccessDenied
        | Error::OriginMissing
        | Error::OriginUntrusted
        | Error::CrossSiteSignIn
        | Error::RedirectUntrusted(_) => StatusCode::FORBIDDEN,
        Error::UserNotFound | Error::TaskNotFound | Error::RouteNotFound => StatusCode::NOT_FOUND,
        Error::MethodNotAllowed(_) | Error::PostGetSession => StatusCode::METHOD_NOT_ALLOWED,
        Error::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Error::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Error::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Validation(_)
        | Error::RedirectNotText(_)
        | Error::InvalidEmail
        | Error::PasswordTooShort
        | Error::PasswordTooLong
        | Error::EmailCannotBeUpdated
        | Error::NothingToUpdate
        | Error::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// One sentence for a person. Clients show it as it is.
fn detail(error: &Error) -> Cow<'_, str> {
    match error {
        Error::Validation(violations) => match violations.as_slice() {
            [only] => only.detail.as_str().into(),
            _ => "Several of the values sent are not valid; see errors.".into(),
        },
        Error::MalformedJson(place) => format!("The request body is not valid JSON: {place}.").into(),
        Error::BodyTooLarge => "The request body must be at most 64 KiB long.".into(),
        Error::UnsupportedMediaType { allowed, .. } => {
            format!("The request body must be sent with Content-Type: {allowed}.").into()
        }
        Error::NotAuthenticated(_) | Error::SessionEnded(_) => "Could not validate credentials".into(),
        Error::SessionNotFresh => "The session is too old for this; sign in again.".into(),
        Error::InvalidCredentials => "Invalid email or password".into(),
        Error::InvalidPassword => "Invalid password".into(),
        Error::AccountDisabled => "Account is disabled".into(),
        Error::AccessDenied => "Access denied to this resource".into(),
        Error::OriginMissing | Error::OriginUntrusted | Error::CrossSiteSignIn => {
            "A request with a cookie must come from a trusted origin, named in its Origin header.".into()
        }
        Error::RedirectUntrusted(field) => format!("The {field} must be a path or lead to a trusted origin.").into(),
        Error::RedirectNotText(field) => format!("The {field} must be a string.").into(),
        Error::InvalidEmail => "The email must be a valid address.".into(),
        Error::PasswordTooShort => "The password is too short.".into(),
        Error::PasswordTooLong => "The password is too long.".into(),
        Error::EmailCannotBeUpdated => "The email cannot be changed.".into(),
        Error::NothingToUpdate => "There is nothing to change.".into(),
        Error::EmailTaken => "Email already registered".into(),
        Error::UserNotFound => "User not found".into(),
        Error::TaskNotFound => "Task not found".into(),
        Error::RouteNotFound => "There is no route with this path.".into(),
        Error::MethodNotAllowed(allowed) => format!("This route takes only {allowed}.").into(),
        Error::PostGetSession => "This route takes only GET.".into(),
        Error::PreconditionFailed => "The task has changed since the version named in If-Match; fetch it again.".into(),
        Error::IdempotencyKeyReused => {
            "This Idempotency-Key was used with another body; send a new key for a new task.".into()
        }
        Error::Unavailable(_) => "The service is temporarily unavailable; try again shortly.".into(),
        Error::Internal(_) => "Something went wrong on our side.".into(),
    }
}
