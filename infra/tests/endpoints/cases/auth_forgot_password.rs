use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let asked = |case: Case| {
        case.answers(200).has(json!({"message": "If this email has an account, a code is on its way to it"}))
    };
    vec![
        asked(on("asked")).costs_as("auth-forgot-password"),
        asked(on("asked").named("nobody").with_fields(json!({"email": "nobody@example.com"})))
            .costs_as("auth-forgot-password, no account"),
        asked(on("asked").named("to-a-page").with_fields(json!({"redirect_to": "http://localhost:3000/reset"}))),
        asked(on("asked")).given(Given::AccountGone),
        on("asked")
            .named("validation-failed")
            .with_body(json!({"email": "demo", "redirect_to": "https://evil.example"}))
            .invalid(&["/email", "/redirect_to"]),
        on("asked")
            .named("no-mailer")
            .with_fields(json!({"redirect_to": "/"}))
            .configured(&[("MAIL_FROM", "")])
            .refused(501, "mail_disabled"),
    ]
}
