use serde_json::json;

use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    let asked = |case: Case| {
        case.answers(200).has(json!({
            "status": true,
            "message": "If this email exists in our system, check your email for the reset link",
        }))
    };
    vec![
        asked(on("asked")).costs_as("auth-request-password-reset"),
        asked(on("asked").named("nobody").with_fields(json!({"email": "nobody@example.com"})))
            .costs_as("auth-request-password-reset, no account"),
        asked(on("asked").named("nowhere").with_body(json!({"email": "demo@example.com"}))),
        on("asked")
            .named("validation-failed")
            .with_body(json!({"email": "demo"}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.email] Invalid email address"),
        on("asked")
            .named("untrusted-redirect")
            .with_fields(json!({"redirectTo": "https://evil.example/reset"}))
            .refused(403, "INVALID_REDIRECT_URL")
            .says("Invalid redirectURL"),
        on("asked")
            .named("redirect-too-long")
            .with_fields(json!({"redirectTo": format!("/{}", "x".repeat(2000))}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.redirectTo] Too big: expected string to have <=2000 characters"),
        on("asked")
            .named("no-mailer")
            .with_fields(json!({"redirectTo": "/"}))
            .configured(&[("MAIL_FROM", "")])
            .refused(400, "RESET_PASSWORD_DISABLED")
            .says("Reset password isn't enabled"),
        on("asked")
            .named("untrusted-origin")
            .with_header("origin", "https://evil.example")
            .with_cookie("theme=dark")
            .refused(403, "INVALID_ORIGIN")
            .says("Invalid origin"),
    ]
}
