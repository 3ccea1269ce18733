use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("right").answers(200).with(json!({"status": true})).costs_as("auth-verify-password"),
        on("wrong-password").refused(400, "INVALID_PASSWORD").says("Invalid password"),
        on("password-too-long").refused(400, "PASSWORD_TOO_LONG").says("Password too long"),
        on("validation-failed")
            .refused(400, "VALIDATION_ERROR")
            .says("[body.password] Invalid input: expected string, received undefined"),
        untrusted_origin(),
    ];
    cases.extend(signed_in_only("right"));
    cases
}
