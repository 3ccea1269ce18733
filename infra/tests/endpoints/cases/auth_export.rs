use serde_json::json;

use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    vec![
        on("first-page")
            .answers(200)
            .has(json!({"user": {"email": "demo@example.com"}}))
            .where_(|answer| {
                assert_eq!(answer.text_at("/sessions/0/user_agent"), "the local stack");
                assert_eq!(answer.text_at("/tasks/0/title"), "Try the API");
                assert!(!answer.text.contains(&tokens::demo()), "{}", answer.text);
            })
            .costs_as("auth-export"),
        on("first-page").named("cursor-of-nobody").with_query("cursor=abc").invalid(&["/cursor"]),
        on("first-page").given(Given::NotFresh).refused(403, "session_not_fresh"),
        on("first-page").named("no-credential").without_header("authorization").refused(401, "not_authenticated"),
        on("first-page").given(Given::Revoked).refused(401, "not_authenticated"),
        on("first-page").given(Given::Disabled).refused(401, "not_authenticated"),
    ]
}
