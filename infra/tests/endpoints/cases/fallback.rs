use serde_json::json;

use crate::{
    case::{Case, on},
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let method = |event| on(event).refused(405, "method_not_allowed");
    vec![
        on("route-not-found").refused(404, "route_not_found").costs_as("fallback"),
        method("method-not-allowed").with_header("allow", "POST"),
        method("task-method-not-allowed").with_header("allow", "DELETE, GET, PUT"),
        on("better-auth-route-not-found").answers(404).where_(empty),
        // That dialect knows no other answer to a wrong method, with one exception.
        on("better-auth-wrong-method").answers(404).where_(empty),
        on("better-auth-trailing-slash").answers(404).where_(empty),
        on("post-get-session")
            .refused(405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED")
            .says("POST method requires deferSessionRefresh to be enabled in session config")
            .with(json!({"code": "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED"}))
            .with_header("pragma", "no-cache"),
    ]
}

fn empty(answer: &Answer) {
    assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", None));
}
