use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("right").answers(200).has(json!({"status": true})).costs_as("auth-verify-password"),
        on("right")
            .named("wrong-password")
            .with_fields(json!({"password": "wrong"}))
            .refused(400, "INVALID_PASSWORD")
            .says("Invalid password"),
        on("right")
            .named("password-too-long")
            .with_fields(json!({"password": "x".repeat(129)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("right")
            .named("validation-failed")
            .with_body(json!({}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.password] Invalid input: expected string, received undefined"),
        untrusted_origin("right"),
    ];
    cases.extend(signed_in_only("right"));
    cases
}
