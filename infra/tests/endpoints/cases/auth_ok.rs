use serde_json::json;

use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    vec![on("ok").answers(200).has(json!({"ok": true})).costs_as("auth-ok")]
}
