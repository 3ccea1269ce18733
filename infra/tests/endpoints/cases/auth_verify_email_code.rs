use serde_json::json;
use shared::identity::mail_token::Purpose;

use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let confirm = tokens::mailed_about(Purpose::ConfirmEmailChange, Some("new@example.com"));
    let change = tokens::mailed_about(Purpose::VerifyEmailChange, Some("new@example.com"));
    vec![
        on("verified")
            .answers(200)
            .has(json!({"message": "Email verified"}))
            .afterwards("auth-verify-email-code/verified", 200)
            .costs_as("auth-verify-email-code"),
        on("verified")
            .named("change-confirmed")
            .with_body(json!({"code": confirm}))
            .answers(200)
            .has(json!({"message": "Email change confirmed; a code is on its way to the new address"})),
        on("verified")
            .named("changed")
            .with_body(json!({"code": change}))
            .answers(200)
            .has(json!({"message": "Email changed"}))
            .afterwards("auth-login/logged-in", 401),
        on("verified").given(Given::AccountGone).refused(400, "invalid_code"),
        on("verified").named("guessed").with_body(json!({"code": "123456"})).refused(400, "invalid_code"),
        on("verified")
            .named("for-something-else")
            .with_body(json!({"code": tokens::mailed(Purpose::ResetPassword)}))
            .refused(400, "invalid_code"),
        on("verified").named("validation-failed").with_body(json!({})).invalid(&["/code"]),
    ]
}
