use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let demo = json!({"id": "00000000-0000-4000-8000-000000000001", "email": "demo@example.com", "name": "Demo"});
    vec![
        on("user").answers(200).with(demo.clone()).costs_as("auth-me"),
        on("cookie").answers(200).with(demo),
        on("user-not-found")
            .given(Given::SessionWithoutUser)
            .refused(404, "user_not_found")
            .with(json!({"detail": "User not found"})),
        // Without that session.
        on("user-not-found").refused(401, "not_authenticated"),
        on("no-credential").refused(401, "not_authenticated").with(json!({"detail": "Could not validate credentials"})),
        on("malformed-token").refused(401, "not_authenticated"),
        on("forged-token").refused(401, "not_authenticated"),
        on("ended-session").refused(401, "not_authenticated"),
    ]
}
