use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let revoked = |case: Case| case.answers(200).has(json!({"status": true}));
    let mut cases = vec![
        revoked(on("revoked"))
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/user", 401)
            .afterwards("auth-me/ended-session", 401)
            .costs_as("auth-revoke-session"),
        revoked(on("other-session"))
            .given(Given::OtherSession)
            .afterwards("auth-me/user", 200)
            .afterwards("auth-me/ended-session", 401),
        revoked(on("revoked"))
            .given(Given::OtherSession)
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/ended-session", 200),
        revoked(on("other-session")).afterwards("auth-me/user", 200),
        revoked(on("revoked").named("unknown-token").with_fields(json!({"token": "unknown"})))
            .afterwards("auth-me/user", 200)
            .costs_as("auth-revoke-session, unknown token"),
        on("revoked")
            .named("validation-failed")
            .with_body(json!({}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.token] Invalid input: expected string, received undefined"),
        untrusted_origin("revoked"),
    ];
    cases.extend(signed_in_only("revoked"));
    cases
}
