use serde_json::json;

use super::untrusted_origin;
use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    let asked = |case: Case| case.answers(200).has(json!({"status": true}));
    vec![
        asked(on("asked")).costs_as("auth-send-verification-email"),
        asked(on("asked").named("nobody").with_fields(json!({"email": "nobody@example.com"})))
            .costs_as("auth-send-verification-email, no account"),
        asked(on("signed-in")).costs_as("auth-send-verification-email, signed in"),
        on("signed-in")
            .named("another-address")
            .with_fields(json!({"email": "ann@example.com"}))
            .refused(400, "EMAIL_MISMATCH")
            .says("Email mismatch"),
        on("signed-in")
            .given(crate::case::Given::After("auth-verify-email/verified"))
            .refused(400, "EMAIL_ALREADY_VERIFIED")
            .says("Email is already verified"),
        on("asked")
            .named("validation-failed")
            .with_body(json!({}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.email] Invalid input: expected string, received undefined"),
        on("asked")
            .named("no-mailer")
            .with_fields(json!({"callbackURL": "/"}))
            .configured(&[("MAIL_FROM", "")])
            .refused(400, "VERIFICATION_EMAIL_NOT_ENABLED")
            .says("Verification email isn't enabled"),
        on("asked")
            .named("untrusted-callback")
            .with_fields(json!({"callbackURL": "//evil.example"}))
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL"),
        untrusted_origin("signed-in"),
    ]
}
