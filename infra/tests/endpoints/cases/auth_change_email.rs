use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::case::{Case, Cookies, on};

pub fn cases() -> Vec<Case> {
    let asked = |case: Case| case.answers(200).has(json!({"status": true}));
    let mut cases = vec![
        asked(on("asked")).costs_as("auth-change-email"),
        // Neither the answer nor what it costs says that somebody has the address.
        asked(on("asked").named("taken").with_fields(json!({"newEmail": "ann@example.com"})))
            .given(crate::case::Given::After("auth-sign-up-email/created")),
        asked(on("asked").named("at-once").with_fields(json!({"callbackURL": "/"})))
            .configured(&[("CHANGE_UNVERIFIED_EMAIL_AT_ONCE", "true")])
            .cookies(Cookies::HandedOver)
            .afterwards("auth-login/logged-in", 401),
        on("asked")
            .named("disabled")
            .with_fields(json!({"callbackURL": "/off"}))
            .configured(&[("CHANGE_EMAIL", "false")])
            .refused(400, "CHANGE_EMAIL_DISABLED")
            .says("Change email is disabled"),
        on("asked")
            .named("no-mailer")
            .with_fields(json!({"callbackURL": "/none"}))
            .configured(&[("MAIL_FROM", "")])
            .answers(400)
            .says("Verification email isn't enabled"),
        on("asked")
            .named("same-address")
            .with_fields(json!({"newEmail": "DEMO@example.com"}))
            .answers(400)
            .says("Email is the same"),
        on("asked")
            .named("validation-failed")
            .with_body(json!({}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.newEmail] Invalid input: expected string, received undefined"),
        on("asked")
            .named("untrusted-callback")
            .with_fields(json!({"callbackURL": "https://evil.example/"}))
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL"),
        untrusted_origin("asked"),
    ];
    cases.extend(signed_in_only("asked"));
    cases
}
