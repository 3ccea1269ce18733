use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let ended = json!({"message": "Successfully logged out"});
    vec![
        on("logged-out").answers(200).with(ended.clone()).afterwards("auth-me/user", 401).costs_as("auth-logout"),
        on("trusted-origin").answers(200).with(ended).afterwards("auth-me/cookie", 401),
        on("logged-out").given(Given::After("auth-logout/logged-out")).refused(401, "not_authenticated"),
        on("untrusted-origin").refused(403, "untrusted_origin").afterwards("auth-me/cookie", 200),
        on("no-credential").refused(401, "not_authenticated").with(json!({"detail": "Could not validate credentials"})),
        on("malformed-token").refused(401, "not_authenticated"),
        on("forged-token").refused(401, "not_authenticated").afterwards("auth-me/user", 200),
        on("ended-session").refused(401, "not_authenticated"),
    ]
}
