use lambda_http::http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Error,
    error::BetterAuthRefusal,
    http::{Request, Response, cookies::SessionCookie},
};

/// The email of a sign-in is no address. Only that route has a code of its own for it.
pub const INVALID_EMAIL: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: Some("INVALID_EMAIL"), message: "Invalid email" };

/// A token from a mail does not count.
pub const INVALID_TOKEN: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: Some("INVALID_TOKEN"), message: "Invalid token" };

/// What a refusal says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthError)]
pub struct ErrorJson<'a> {
    /// The stable machine-readable code. A few refusals have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<&'static str>,
    /// A sentence for a person.
    message: &'a str,
}

/// The answer to a request that was refused or went wrong: `{"message", "code"}`, or nothing for a path that there is not.
pub(in crate::http) fn render(error: &Error, request: &Request) -> Response {
    let refusal = error.row();
    let response = Response::new(refusal.better_auth_status);
    let Some(message) = refusal.better_auth_message else { return response };
    let body = ErrorJson { code: refusal.better_auth_code, message: &message };
    let response = response.with_body("application/json", serde_json::to_string(&body).unwrap_or_default());
    match error {
        Error::Unavailable(_) => response.with_static_header(header::RETRY_AFTER, "1"),
        // RFC 9110, section 15.5.16.
        Error::ContentEncoded => response.with_static_header(header::ACCEPT_ENCODING, "identity"),
        // The browser need not send the cookie of a session that has ended any more.
        Error::SessionEnded(_) => response.with_session_cookie(SessionCookie::Removed, request),
        _ => response,
    }
}
