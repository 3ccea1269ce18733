use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let revoked = |event| on(event).answers(200).with(json!({"status": true}));
    let mut cases = vec![
        revoked("revoked")
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/user", 401)
            .afterwards("auth-me/ended-session", 401)
            .costs_as("auth-revoke-session"),
        revoked("other-session")
            .given(Given::OtherSession)
            .afterwards("auth-me/user", 200)
            .afterwards("auth-me/ended-session", 401),
        revoked("revoked")
            .given(Given::OtherSession)
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/ended-session", 200),
        revoked("other-session").afterwards("auth-me/user", 200),
        revoked("unknown-token").afterwards("auth-me/user", 200).costs_as("auth-revoke-session, unknown token"),
        on("validation-failed")
            .refused(400, "VALIDATION_ERROR")
            .says("[body.token] Invalid input: expected string, received undefined"),
        untrusted_origin(),
    ];
    cases.extend(signed_in_only("revoked"));
    cases
}
