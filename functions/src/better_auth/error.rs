//! `GET /api/auth/error`: sends a browser that ran into an error to the front page, which shows it.

use lambda_http::http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
};

use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-error",
    method: "GET",
    path: "/api/auth/error",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

/// What stays as it is in `application/x-www-form-urlencoded`, beside letters and digits.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// The most characters of either parameter: they become up to 12 bytes each, and API Gateway passes 10,240 bytes of headers.
const MAX_CHARS: usize = 400;

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(_app: &App, request: &Request) -> Result<Response, Error> {
    let query = request.query();
    let is_code = |text: &&str| {
        (1..=MAX_CHARS).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\''))
    };
    let mut location = format!("/?error={}", encode(query.get("error").filter(is_code).unwrap_or("UNKNOWN")));
    if let Some(description) = query.get("error_description").filter(|text| !text.is_empty()) {
        let description: String = description.chars().take(MAX_CHARS).collect();
        location.push_str(&format!("&error_description={}", encode(&description)));
    }
    Ok(Response::new(StatusCode::FOUND).with_location(&location))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string().replace(' ', "+")
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Where a browser goes after an error", "The front page, which shows it.")
        .query(
            "error",
            Typed::new(json!({"type": "string"})),
            "The code; another text than letters, digits, `_`, `-` and `'` is `UNKNOWN`.",
        )
        .query("error_description", Typed::new(json!({"type": "string"})), "A sentence.")
        .answers_nothing(StatusCode::FOUND, "To the front page.", &["location"])
}
