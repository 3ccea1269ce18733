use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let updated = |event| on(event).answers(200).with(json!({"status": true})).cookies(Cookies::HandedOver);
    let mut cases = vec![
        updated("updated").costs_as("auth-update-user"),
        updated("updated").given(Given::NotRemembered).cookies(Cookies::HandedOverForNow),
        updated("image-cleared"),
        updated("image-cleared").given(Given::After("auth-update-user/updated")),
        on("email-refused").refused(400, "EMAIL_CAN_NOT_BE_UPDATED").says("Email can not be updated"),
        on("nothing").answers(400).says("No fields to update"),
        on("validation-failed")
            .refused(400, "VALIDATION_ERROR")
            .says("[body.name] Too big: expected string to have <=100 characters"),
        untrusted_origin(),
    ];
    cases.extend(signed_in_only("updated"));
    cases
}
