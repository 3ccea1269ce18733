use lambda_http::http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Error, error::Violation, http::Response};

/// A problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem<'a> {
    /// Always `about:blank`: the problem is what its status says, and `code` tells more.
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// One sentence for a person.
    detail: &'a str,
    /// The stable machine-readable code.
    code: &'static str,
    /// Everything that is wrong with what was sent, where `code` is `validation_failed`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [Violation],
    #[serde(skip_serializing_if = "str::is_empty")]
    /// Names the request in the logs.
    request_id: &'a str,
}

/// The answer to a request that was refused or went wrong.
pub(in crate::http) fn render(error: &Error, request_id: &str) -> Response {
    let refusal = error.row();
    let status = refusal.status;
    let problem = Problem {
        // RFC 9457, section 4.2.1: the problem is what its status says; `code` tells more.
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: &refusal.detail,
        code: refusal.code,
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
        // RFC 9110, section 15.5.16.
        Error::ContentEncoded => response.with_static_header(header::ACCEPT_ENCODING, "identity"),
        // RFC 9110, section 15.5.6.
        Error::MethodNotAllowed(allowed) => response.with_header_if_valid(header::ALLOW, allowed),
        // RFC 9110, section 15.5.2: every 401 says how to authenticate.
        _ if status == StatusCode::UNAUTHORIZED => response.with_static_header(header::WWW_AUTHENTICATE, "Bearer"),
        _ => response,
    }
}
