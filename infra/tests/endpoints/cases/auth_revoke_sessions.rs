use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("revoked")
            .given(Given::OtherSession)
            .answers(200)
            .with(json!({"status": true}))
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/user", 401)
            .afterwards("auth-me/ended-session", 401)
            // What begins from now on counts.
            .afterwards("auth-login/logged-in", 200),
        on("revoked").answers(200).cookies(Cookies::Cleared).costs_as("auth-revoke-sessions"),
        on("malformed-json").refused(400, "BAD_REQUEST").says("Invalid JSON in request body"),
        on("wrong-media-type")
            .refused(415, "UNSUPPORTED_MEDIA_TYPE")
            .says("Content-Type \"text/plain\" is not allowed. Allowed types: application/json"),
        untrusted_origin(),
    ];
    cases.extend(signed_in_only("revoked"));
    cases
}
