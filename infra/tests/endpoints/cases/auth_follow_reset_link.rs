use shared::identity::mail_token::Purpose;

use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let token = &*tokens::mailed(Purpose::ResetPassword).leak();
    let location = &*format!("http://localhost:3000/reset?x=1&token={token}").leak();
    let of_path = &*format!("https://abc123.execute-api.eu-central-1.amazonaws.com/reset?token={token}#new").leak();
    let invalid = "http://localhost:3000/reset?x=1&error=INVALID_TOKEN";
    vec![
        on("valid")
            .answers(302)
            .has_header("location", location)
            // Who follows links before their reader does uses none up.
            .afterwards("auth-reset-password/reset", 200)
            .costs_as("auth-follow-reset-link"),
        on("valid")
            .named("to-a-path")
            .with_query("callbackURL=%2Freset%23new")
            .answers(302)
            .has_header("location", of_path),
        on("valid").given(Given::PasswordChanged).answers(302).has_header("location", invalid),
        on("valid").given(Given::AccountGone).answers(302).has_header("location", invalid),
        on("valid")
            .named("guessed")
            .with_path_parameter("token", "AAAAAAAAAAAAAAAAAAAAAAAA")
            .answers(302)
            .has_header("location", invalid),
        on("valid").named("no-place").with_query("callbackURL=").answers(302).has_header(
            "location",
            "https://abc123.execute-api.eu-central-1.amazonaws.com/api/auth/error?error=INVALID_TOKEN",
        ),
        on("valid")
            .named("no-callback")
            .with_query("")
            .refused(400, "VALIDATION_ERROR")
            .says("[query.callbackURL] Invalid input: expected string, received undefined"),
        on("valid")
            .named("untrusted-callback")
            .with_query("callbackURL=https%3A%2F%2Fevil.example")
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL"),
    ]
}
