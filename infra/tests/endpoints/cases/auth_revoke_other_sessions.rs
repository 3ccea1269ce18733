use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let revoked = || on("revoked").answers(200).has(json!({"status": true}));
    let mut cases = vec![
        revoked()
            .given(Given::OtherSession)
            .afterwards("auth-me/user", 200)
            .afterwards("auth-me/ended-session", 401)
            .costs_as("auth-revoke-other-sessions"),
        // There may be none.
        revoked().given(Given::After("auth-revoke-other-sessions/revoked")).afterwards("auth-me/user", 200),
        on("revoked")
            .named("malformed-json")
            .without_cookies()
            .with_raw_body("{")
            .refused(400, "BAD_REQUEST")
            .says("Invalid JSON in request body"),
        untrusted_origin("revoked"),
    ];
    cases.extend(signed_in_only("revoked"));
    cases
}
