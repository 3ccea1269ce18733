use serde_json::json;

use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let ended = json!({"message": "Successfully logged out"});
    vec![
        on("logged-out").answers(200).has(ended.clone()).afterwards("auth-me/user", 401).costs_as("auth-logout"),
        on("trusted-origin").answers(200).has(ended).afterwards("auth-me/cookie", 401),
        on("logged-out").given(Given::After("auth-logout/logged-out")).refused(401, "not_authenticated"),
        on("trusted-origin")
            .named("untrusted-origin")
            .with_header("origin", "https://evil.example")
            .refused(403, "untrusted_origin")
            .afterwards("auth-me/cookie", 200),
        on("logged-out")
            .named("no-credential")
            .without_header("authorization")
            .refused(401, "not_authenticated")
            .has(json!({"detail": "Could not validate credentials"})),
        on("logged-out").named("malformed-token").with_bearer("not-a-token").refused(401, "not_authenticated"),
        on("logged-out")
            .named("forged-token")
            .with_bearer(tokens::of_another_secret())
            .refused(401, "not_authenticated")
            .afterwards("auth-me/user", 200),
        on("logged-out").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
    ]
}
