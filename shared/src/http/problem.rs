//! Errors of the plain dialect: problem details (RFC 9457).

use lambda_http::http::header;
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
    let status = error.status();
    let problem = Problem {
        // RFC 9457, section 4.2.1: the problem is what its status says; `code` tells more.
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: &error.detail(),
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
        // RFC 9110, section 15.5.2: every 401 says how to authenticate.
        Error::NotAuthenticated(_) | Error::InvalidCredentials => {
            response.with_static_header(header::WWW_AUTHENTICATE, "Bearer")
        }
        Error::Unavailable(_) => response.with_static_header(header::RETRY_AFTER, "1"),
        _ => response,
    }
}
