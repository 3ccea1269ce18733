use serde_json::json;
use shared::identity::mail_token::Purpose;

use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let reset = |case: Case| {
        case.answers(200)
            .afterwards("auth-login/logged-in", 401)
            .afterwards("auth-me/user", 401)
            .afterwards("auth-reset-password/reset", 400)
            .afterwards("auth-reset-password/code", 400)
    };
    let invalid =
        |case: Case| case.refused(400, "INVALID_TOKEN").says("Invalid token").afterwards("auth-login/logged-in", 200);
    let of_query = &*format!("token={}", tokens::mailed(Purpose::ResetPassword)).leak();
    let mut cases = vec![
        reset(on("reset")).cookies(Cookies::Device).has(json!({"status": true})).costs_as("auth-reset-password"),
        reset(on("code"))
            .cookies(Cookies::Device)
            .has(json!({"message": "Password reset"}))
            .costs_as("auth-reset-password, by code"),
        reset(
            on("reset")
                .named("token-in-query")
                .with_body(json!({"newPassword": "another horse battery"}))
                .with_query(of_query),
        )
        .cookies(Cookies::Device),
        invalid(on("reset")).given(Given::PasswordChanged),
        invalid(on("reset").named("guessed").with_fields(json!({"token": "AAAAAAAAAAAAAAAAAAAAAAAA"}))),
        invalid(on("reset").named("no-token").with_body(json!({"newPassword": "another horse battery"}))),
        on("reset")
            .named("password-too-short")
            .with_fields(json!({"newPassword": "short"}))
            .refused(400, "PASSWORD_TOO_SHORT")
            .says("Password too short")
            .afterwards("auth-reset-password/reset", 200),
        on("reset")
            .named("password-too-long")
            .with_fields(json!({"newPassword": "x".repeat(129)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("reset")
            .named("validation-failed")
            .with_body(json!({}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.newPassword] Invalid input: expected string, received undefined"),
        on("code").given(Given::PasswordChanged).refused(400, "invalid_code"),
        on("code").named("code-with-short-password").with_fields(json!({"password": "short"})).invalid(&["/password"]),
    ];
    for (name, purpose) in [
        ("token-to-verify", Purpose::VerifyEmail),
        ("token-to-confirm", Purpose::ConfirmEmailChange),
        ("token-to-change", Purpose::VerifyEmailChange),
        ("token-to-delete", Purpose::DeleteAccount),
    ] {
        let token = tokens::mailed(purpose);
        cases.push(invalid(on("reset").named(name).with_fields(json!({"token": token}))));
    }
    cases
}
