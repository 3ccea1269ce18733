use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let deleted = |case: Case| {
        case.answers(200)
            .has(json!({"success": true, "message": "User deleted"}))
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/user", 404)
            .afterwards("auth-get-session/session", 200)
            .afterwards("auth-login/logged-in", 401)
            .afterwards("tasks-create/created", 401)
    };
    let mut cases = vec![
        deleted(on("deleted")).costs_as("auth-delete-user"),
        deleted(on("by-link")).costs_as("auth-delete-user, by link"),
        deleted(on("deleted").named("fresh-session").with_body(json!({}))),
        deleted(on("deleted").named("told").with_fields(json!({"callbackURL": "/"})))
            .configured(&[("SECURITY_NOTICES", "true")]),
        on("deleted")
            .named("session-not-fresh")
            .with_body(json!({"callbackURL": "/"}))
            .given(Given::NotFresh)
            .refused(400, "SESSION_EXPIRED")
            .says("Session expired. Re-authenticate to perform this action.")
            .afterwards("auth-me/user", 200),
        on("deleted")
            .named("confirmed-by-mail")
            .with_fields(json!({"callbackURL": "/bye"}))
            .configured(&[("CONFIRM_DELETE_USER", "true")])
            .answers(200)
            .has(json!({"success": true, "message": "Verification email sent"}))
            .afterwards("auth-me/user", 200),
        on("deleted")
            .named("wrong-password")
            .with_fields(json!({"password": "wrong"}))
            .refused(400, "INVALID_PASSWORD")
            .says("Invalid password")
            .afterwards("auth-me/user", 200),
        on("deleted")
            .named("password-too-long")
            .with_fields(json!({"password": "x".repeat(129)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("by-link")
            .named("token-for-something-else")
            .with_fields(json!({"token": tokens::mailed(shared::identity::mail_token::Purpose::ResetPassword)}))
            .refused(404, "INVALID_TOKEN")
            .says("Invalid token")
            .afterwards("auth-me/user", 200),
        on("by-link").given(Given::PasswordChanged).refused(404, "INVALID_TOKEN").says("Invalid token"),
        on("deleted")
            .named("disabled")
            .with_fields(json!({"callbackURL": "/off"}))
            .configured(&[("DELETE_USER", "false")])
            .answers(404)
            .where_(|answer| assert_eq!(answer.text, ""))
            .afterwards("auth-me/user", 200),
        untrusted_origin("deleted"),
    ];
    cases.extend(signed_in_only("deleted"));
    cases
}
