use serde_json::json;

use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let demo = json!({"id": "00000000-0000-4000-8000-000000000001", "email": "demo@example.com", "name": "Demo"});
    vec![
        on("user").answers(200).has(demo.clone()).costs_as("auth-me"),
        on("cookie").answers(200).has(demo),
        on("user")
            .named("user-not-found")
            .with_bearer(tokens::without_user())
            .given(Given::SessionWithoutUser)
            .refused(404, "user_not_found")
            .has(json!({"detail": "User not found"})),
        // Without that session.
        on("user-not-found").refused(401, "not_authenticated"),
        on("user")
            .named("no-credential")
            .without_header("authorization")
            .refused(401, "not_authenticated")
            .has(json!({"detail": "Could not validate credentials"})),
        on("user").named("malformed-token").with_bearer("not-a-token").refused(401, "not_authenticated"),
        on("user").named("forged-token").with_bearer(tokens::of_another_secret()).refused(401, "not_authenticated"),
        on("user").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
    ]
}
