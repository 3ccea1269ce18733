//! Errors of the Better Auth dialect: `{"message", "code"}`, in that server's own words.

use std::borrow::Cow;

use lambda_http::http::{StatusCode, header};
use serde_json::json;

use super::{Request, Response, cookies};
use crate::Error;

/// The answer to a request that failed.
pub(super) fn render(error: &Error, request: &Request) -> Response {
    // An unknown path has no body at all.
    if matches!(error, Error::RouteNotFound | Error::MethodNotAllowed(_)) {
        return Response::new(StatusCode::NOT_FOUND);
    }
    let (status, code, message) = describe(error);
    let body = match code {
        Some(code) => json!({"message": message, "code": code}),
        None => json!({"message": message}),
    };
    let response = Response::new(status).with_body("application/json", body.to_string());
    match error {
        Error::Unavailable(_) => response.with_static_header(header::RETRY_AFTER, "1"),
        Error::PostGetSession => response.with_static_header(header::PRAGMA, "no-cache"),
        // The browser need not send the cookie of a session that has ended any more.
        Error::SessionEnded(_) => cookies::clear(response, &request.own_origin),
        _ => response,
    }
}

fn describe(error: &Error) -> (StatusCode, Option<&'static str>, Cow<'_, str>) {
    use StatusCode as S;
    let (status, code, message) = match error {
        Error::Validation(violations) => {
            let issues: Vec<String> = violations
                .iter()
                .map(|violation| format!("[body{}] {}", violation.pointer.replace('/', "."), violation.detail))
                .collect();
            return (S::BAD_REQUEST, Some("VALIDATION_ERROR"), issues.join("; ").into());
        }
        Error::UnsupportedMediaType { sent, allowed } => {
            let message = if sent.is_empty() {
                format!("Content-Type is required. Allowed types: {allowed}")
            } else {
                format!("Content-Type \"{sent}\" is not allowed. Allowed types: {allowed}")
            };
            return (S::UNSUPPORTED_MEDIA_TYPE, Some("UNSUPPORTED_MEDIA_TYPE"), message.into());
        }
        Error::RedirectNotText(field) => {
            return (S::BAD_REQUEST, None, format!("Invalid {field}: expected a string").into());
        }
        Error::RedirectUntrusted(field) => {
            let code = match *field {
                "redirectURL" => "INVALID_REDIRECT_URL",
                "errorCallbackURL" => "INVALID_ERROR_CALLBACK_URL",
                "newUserCallbackURL" => "INVALID_NEW_USER_CALLBACK_URL",
                _ => "INVALID_CALLBACK_URL",
            };
            return (S::FORBIDDEN, Some(code), format!("Invalid {field}").into());
        }
        Error::NothingToUpdate => return (S::BAD_REQUEST, None, "No fields to update".into()),
        Error::MalformedJson(_) => (S::BAD_REQUEST, "BAD_REQUEST", "Invalid JSON in request body"),
        Error::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "Request body is too large"),
        Error::NotAuthenticated(_) | Error::SessionEnded(_) => (S::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized"),
        Error::SessionNotFresh => (S::FORBIDDEN, "SESSION_NOT_FRESH", "Session is not fresh"),
        Error::InvalidCredentials => (S::UNAUTHORIZED, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"),
        Error::InvalidPassword => (S::BAD_REQUEST, "INVALID_PASSWORD", "Invalid password"),
        Error::AccountDisabled => (S::FORBIDDEN, "ACCOUNT_DISABLED", "Account is disabled"),
        Error::OriginMissing => (S::FORBIDDEN, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin"),
        Error::OriginUntrusted => (S::FORBIDDEN, "INVALID_ORIGIN", "Invalid origin"),
        Error::CrossSiteSignIn => (
            S::FORBIDDEN,
            "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
            "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
        ),
        Error::InvalidEmail => (S::BAD_REQUEST, "INVALID_EMAIL", "Invalid email"),
        Error::PasswordTooShort => (S::BAD_REQUEST, "PASSWORD_TOO_SHORT", "Password too short"),
        Error::PasswordTooLong => (S::BAD_REQUEST, "PASSWORD_TOO_LONG", "Password too long"),
        Error::EmailCannotBeUpdated => (S::BAD_REQUEST, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"),
        Error::EmailTaken => (
            S::UNPROCESSABLE_ENTITY,
            "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
            "User already exists. Use another email.",
        ),
        Error::PostGetSession => (
            S::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
            "POST method requires deferSessionRefresh to be enabled in session config",
        ),
        Error::Unavailable(_) => (S::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "Service is temporarily unavailable"),
        // What is left belongs to routes of the plain dialect.
        Error::Internal(_)
        | Error::AccessDenied
        | Error::UserNotFound
        | Error::TaskNotFound
        | Error::RouteNotFound
        | Error::MethodNotAllowed(_)
        | Error::PreconditionFailed
        | Error::IdempotencyKeyReused => (S::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Internal server error"),
    };
    (status, Some(code), message.into())
}
