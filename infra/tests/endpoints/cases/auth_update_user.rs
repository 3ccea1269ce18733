use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let updated = |case: Case| case.answers(200).has(json!({"status": true})).cookies(Cookies::HandedOver);
    let mut cases = vec![
        updated(on("updated")).costs_as("auth-update-user"),
        updated(on("updated")).given(Given::NotRemembered).cookies(Cookies::HandedOverForNow),
        updated(on("updated").named("image-cleared").with_body(json!({"image": null}))),
        updated(on("image-cleared")).given(Given::After("auth-update-user/updated")),
        on("updated")
            .named("email-refused")
            .with_body(json!({"email": "other@example.com", "name": "x"}))
            .refused(400, "EMAIL_CAN_NOT_BE_UPDATED")
            .says("Email can not be updated"),
        on("updated").named("nothing").with_body(json!({})).answers(400).says("No fields to update"),
        on("updated")
            .named("validation-failed")
            .with_body(json!({"name": "x".repeat(101)}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.name] Too big: expected string to have <=100 characters"),
        on("updated")
            .named("name-with-control-character")
            .with_body(json!({"name": "a\u{1b}b"}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.name] Invalid string: must not include control characters"),
        untrusted_origin("updated"),
    ];
    cases.extend(signed_in_only("updated"));
    cases
}
