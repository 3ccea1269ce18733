use serde_json::json;
use shared::identity::mail_token::Purpose;

use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let query = |token: &str| &*format!("token={token}").leak();
    let nobody = |case: Case| case.refused(404, "FAILED_TO_GET_USER_INFO").says("Failed to get user info");
    let invalid = |case: Case| case.refused(404, "INVALID_TOKEN").says("Invalid token").afterwards("auth-me/user", 200);
    vec![
        on("deleted")
            .answers(302)
            .has_header("location", "/bye")
            .cookies(Cookies::Cleared)
            .afterwards("auth-me/user", 404)
            .costs_as("auth-follow-deletion-link"),
        on("deleted")
            .named("no-callback")
            .with_query(query(&tokens::mailed(Purpose::DeleteAccount)))
            .configured(&[("SECURITY_NOTICES", "true")])
            .answers(200)
            .has(json!({"success": true, "message": "User deleted"}))
            .cookies(Cookies::Cleared),
        on("deleted").given(Given::PasswordChanged).refused(404, "INVALID_TOKEN").says("Invalid token"),
        invalid(on("deleted").named("other-purpose").with_query(query(&tokens::mailed(Purpose::ResetPassword)))),
        invalid(on("deleted").named("guessed").with_query("token=abc")),
        nobody(on("deleted").named("no-session").without_cookies()),
        nobody(on("deleted")).given(Given::Revoked),
        on("deleted")
            .named("no-token")
            .with_query("callbackURL=%2F")
            .refused(400, "VALIDATION_ERROR")
            .says("[query.token] Invalid input: expected string, received undefined"),
        on("deleted")
            .named("untrusted-callback")
            .with_query("token=abc&callbackURL=https%3A%2F%2Fevil.example")
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL"),
        on("deleted")
            .named("disabled")
            .with_query("token=abc&callbackURL=%2F")
            .configured(&[("DELETE_USER", "false")])
            .refused(404, "NOT_FOUND")
            .says("Not found"),
    ]
}
