use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("revoked")
            .given(Given::OtherSession)
            .answers(200)
            .has(json!({"status": true}))
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/user", 401)
            .afterwards("auth-me/ended-session", 401)
            // What begins from now on counts.
            .afterwards("auth-login/logged-in", 200),
        on("revoked").answers(200).cookies(Cookies::Cleared).costs_as("auth-revoke-sessions"),
        on("revoked")
            .named("malformed-json")
            .without_cookies()
            .with_raw_body("{")
            .refused(400, "BAD_REQUEST")
            .says("Invalid JSON in request body"),
        on("revoked")
            .named("wrong-media-type")
            .with_header("content-type", "text/plain")
            .without_cookies()
            .refused(415, "UNSUPPORTED_MEDIA_TYPE")
            .says("Content-Type \"text/plain\" is not allowed. Allowed types: application/json"),
        untrusted_origin("revoked"),
    ];
    cases.extend(signed_in_only("revoked"));
    cases
}
