use serde_json::json;

use super::untrusted_origin;
use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let signed_out = |case: Case| case.answers(200).has(json!({"success": true})).cookies(Cookies::Cleared);
    let not_valid = |case: Case| case.refused(400, "VALIDATION_ERROR");
    vec![
        signed_out(on("signed-out")).afterwards("auth-me/user", 401).costs_as("auth-sign-out"),
        signed_out(on("signed-out")).given(Given::After("auth-sign-out/signed-out")),
        signed_out(on("no-session")).costs_as("auth-sign-out, no session").afterwards("auth-me/user", 200),
        signed_out(on("signed-out").named("ended-session").with_session_cookie(tokens::other_session())),
        // A token of somebody else's does not hide the cookie.
        signed_out(on("signed-out").named("foreign-bearer").with_bearer(tokens::FOREIGN_JWT))
            .afterwards("auth-me/user", 401),
        not_valid(on("no-session").named("not-an-object").with_body(json!([])))
            .says("[body] Invalid input: expected object, received array"),
        on("no-session")
            .named("malformed-json")
            .with_raw_body("{")
            .refused(400, "BAD_REQUEST")
            .says("Invalid JSON in request body"),
        on("signed-out")
            .named("untrusted-redirect")
            .with_body(json!({"callbackURL": "//evil.example"}))
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL")
            .afterwards("auth-me/user", 200),
        untrusted_origin("signed-out"),
    ]
}
