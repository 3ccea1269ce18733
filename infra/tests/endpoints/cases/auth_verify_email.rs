use serde_json::json;
use shared::identity::mail_token::Purpose;

use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let query = |token: &str, rest: &str| &*format!("token={token}{rest}").leak();
    let of = |purpose, rest| query(&tokens::mailed(purpose), rest);
    let about = |purpose| query(&tokens::mailed_about(purpose, Some("new@example.com")), "");
    let invalid = |case: Case| case.refused(401, "INVALID_TOKEN").says("Invalid token");
    let mut cases = vec![
        on("verified")
            .answers(302)
            .has_header("location", "/welcome")
            .afterwards("auth-verify-email/verified", 302)
            .costs_as("auth-verify-email"),
        on("verified")
            .given(Given::After("auth-verify-email/verified"))
            .answers(302)
            .has_header("location", "/welcome"),
        on("verified")
            .named("no-callback")
            .with_query(of(Purpose::VerifyEmail, ""))
            .answers(200)
            .has(json!({"status": true, "user": null})),
        on("verified")
            .named("signed-in-after-it")
            .with_query(of(Purpose::VerifyEmail, "&callbackURL=%2Fin"))
            .configured(&[("SIGN_IN_AFTER_VERIFICATION", "true")])
            .answers(302)
            .has_header("location", "/in")
            .cookies(Cookies::HandedOver),
        on("verified")
            .named("change-confirmed")
            .with_query(about(Purpose::ConfirmEmailChange))
            .answers(200)
            .has(json!({"status": true}))
            .afterwards("auth-login/logged-in", 200)
            .costs_as("auth-verify-email, change confirmed"),
        on("verified")
            .named("changed")
            .with_query(about(Purpose::VerifyEmailChange))
            .answers(200)
            .has(json!({"status": true, "user": {"email": "new@example.com", "emailVerified": false}}))
            .afterwards("auth-login/logged-in", 401)
            .costs_as("auth-verify-email, changed"),
        on("verified")
            .named("changed-by-who-is-signed-in")
            .with_query(about(Purpose::VerifyEmailChange))
            .with_session_cookie(tokens::demo())
            .answers(200)
            .cookies(Cookies::HandedOver),
        on("verified").given(Given::AccountGone).answers(302).has_header("location", "/welcome?error=USER_NOT_FOUND"),
        on("verified")
            .named("guessed")
            .with_query("token=abc&callbackURL=%2Fwelcome%3Fa%3D1%23h")
            .answers(302)
            .has_header("location", "/welcome?a=1&error=INVALID_TOKEN#h"),
        on("verified")
            .named("no-token")
            .with_query("callbackURL=%2F")
            .refused(400, "VALIDATION_ERROR")
            .says("[query.token] Invalid input: expected string, received undefined"),
        on("verified")
            .named("untrusted-callback")
            .with_query(of(Purpose::VerifyEmail, "&callbackURL=https%3A%2F%2Fevil.example"))
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL"),
    ];
    for (name, purpose) in [("token-to-reset", Purpose::ResetPassword), ("token-to-delete", Purpose::DeleteAccount)] {
        cases.push(invalid(on("verified").named(name).with_query(of(purpose, ""))));
    }
    cases
}
