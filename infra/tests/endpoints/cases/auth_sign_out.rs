use serde_json::json;

use super::untrusted_origin;
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let signed_out = |event| on(event).answers(200).with(json!({"success": true})).cookies(Cookies::Cleared);
    let not_valid = |event| on(event).refused(400, "VALIDATION_ERROR");
    vec![
        signed_out("signed-out").afterwards("auth-me/user", 401).costs_as("auth-sign-out"),
        signed_out("signed-out").given(Given::After("auth-sign-out/signed-out")),
        signed_out("no-session").costs_as("auth-sign-out, no session").afterwards("auth-me/user", 200),
        signed_out("ended-session"),
        // A token of somebody else's does not hide the cookie.
        signed_out("foreign-bearer").afterwards("auth-me/user", 401),
        not_valid("not-an-object").says("[body] Invalid input: expected object, received array"),
        on("malformed-json").refused(400, "BAD_REQUEST").says("Invalid JSON in request body"),
        on("untrusted-redirect")
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL")
            .afterwards("auth-me/user", 200),
        untrusted_origin(),
    ]
}
