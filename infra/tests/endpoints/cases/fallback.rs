use serde_json::json;

use crate::{
    case::{Case, on},
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let method = |case: Case| case.refused(405, "method_not_allowed");
    vec![
        on("route-not-found").refused(404, "route_not_found").costs_as("fallback"),
        method(on("route-not-found").named("method-not-allowed").with_path("DELETE", "/api/auth/login"))
            .has_header("allow", "POST"),
        method(
            on("route-not-found")
                .named("task-method-not-allowed")
                .with_path("POST", "/api/00000000-0000-4000-8000-000000000001/tasks/1"),
        )
        .has_header("allow", "DELETE, GET, PUT"),
        method(on("route-not-found").named("method-of-neither-dialect").with_path("DELETE", "/api/auth/verify-email"))
            .has_header("allow", "GET, POST"),
        on("route-not-found")
            .named("trailing-slash")
            .with_path("PUT", "/api/00000000-0000-4000-8000-000000000001/tasks/1/")
            .with_query("a=b%20c&d=\u{e4}")
            .answers(307)
            .where_(empty)
            .has_header("location", "/api/00000000-0000-4000-8000-000000000001/tasks/1?a=b%20c&d=%C3%A4"),
        on("route-not-found")
            .named("trailing-slash-of-another-site")
            .with_path("GET", "//evil.example/api/u/tasks/")
            .refused(404, "route_not_found"),
        on("better-auth-route-not-found").answers(404).where_(empty),
        // That dialect knows no other answer to a wrong method, with one exception.
        on("route-not-found")
            .named("better-auth-wrong-method")
            .with_path("GET", "/api/auth/sign-out")
            .answers(404)
            .where_(empty),
        on("route-not-found")
            .named("better-auth-trailing-slash")
            .with_path("GET", "/api/auth/ok/")
            .answers(404)
            .where_(empty),
        on("better-auth-route-not-found")
            .named("post-get-session")
            .with_path("POST", "/api/auth/get-session")
            .with_body(json!({}))
            .refused(405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED")
            .says("POST method requires deferSessionRefresh to be enabled in session config")
            .has(json!({"code": "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED"}))
            .has_header("pragma", "no-cache"),
    ]
}

fn empty(answer: &Answer) {
    assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", None));
}
