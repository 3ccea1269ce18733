use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("nothing").answers(400).says("No fields to update").costs_as("auth-update-session"),
        on("nothing")
            .named("unknown-field")
            .with_body(json!({"expiresAt": "2040-01-01T00:00:00.000Z"}))
            .answers(400)
            .says("No fields to update"),
        untrusted_origin("nothing"),
    ];
    cases.extend(signed_in_only("nothing"));
    cases
}
