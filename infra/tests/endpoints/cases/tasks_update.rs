use serde_json::json;

use super::untrusted_page;
use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    vec![
        on("updated")
            .answers(200)
            .has(json!({
                "title": "Try the whole API",
                "description": "The README has the commands.",
                "completed": true,
                "priority": "low",
                "due_date": "2026-02-01T08:30:00.000Z",
                "created_at": "2026-01-01T00:00:00.000Z",
                "updated_at": "2030-01-01T00:00:00.000Z",
            }))
            .has_header("etag", "\"2\"")
            .costs_as("tasks-update"),
        on("updated")
            .named("cleared")
            .with_body(json!({"description": null, "due_date": null}))
            .answers(200)
            .has(json!({"title": "Try the API", "description": null, "due_date": null}))
            .has_header("etag", "\"2\""),
        on("updated")
            .named("nothing")
            .with_body(json!({"unknown": 1}))
            .answers(200)
            .has(json!({"title": "Try the API", "updated_at": "2026-01-01T00:00:00.000Z"}))
            .has_header("etag", "\"1\""),
        on("updated")
            .named("updated-once")
            .with_header("idempotency-key", "0b9a52c7")
            .answers(200)
            .has(json!({"title": "Try the whole API"}))
            .has_header("etag", "\"2\"")
            .where_(|answer| assert_eq!(answer.header("idempotency-replayed"), None))
            .costs_as("tasks-update, Idempotency-Key"),
        on("updated-once")
            .given(Given::After("tasks-update/updated-once"))
            .answers(200)
            .has(json!({"title": "Try the whole API"}))
            .has_header("etag", "\"2\"")
            .has_header("idempotency-replayed", "true"),
        on("updated")
            .named("idempotency-key-reused")
            .with_header("idempotency-key", "0b9a52c7")
            .with_header("if-match", "\"1\"")
            .given(Given::After("tasks-update/updated-once"))
            .refused(422, "idempotency_key_reused"),
        on("updated").named("known-version").with_header("if-none-match", "*").refused(412, "precondition_failed"),
        on("precondition-met").answers(200).has_header("etag", "\"2\""),
        on("precondition-met").given(Given::After("tasks-update/updated")).refused(412, "precondition_failed"),
        on("precondition-met")
            .named("precondition-failed")
            .with_header("if-match", "\"7\"")
            .refused(412, "precondition_failed"),
        on("updated")
            .named("validation-failed")
            .with_fields(
                json!({"title": null, "description": 5, "completed": "yes", "priority": null, "due_date": "soon"}),
            )
            .invalid(&["/title", "/description", "/completed", "/priority", "/due_date"]),
        on("updated")
            .named("task-not-found")
            .with_path_parameter("task_id", "258696806400001")
            .refused(404, "task_not_found"),
        on("updated").named("malformed-task-id").with_path_parameter("task_id", "1e3").refused(404, "task_not_found"),
        on("updated").named("malformed-json").with_raw_body("{").refused(400, "malformed_json"),
        on("updated")
            .named("body-too-large")
            .with_body(json!({"title": "x", "padding": "x".repeat(65_536)}))
            .refused(413, "body_too_large"),
        on("updated")
            .named("wrong-media-type")
            .with_header("content-type", "text/plain")
            .with_raw_body("title=x")
            .refused(415, "unsupported_media_type"),
        on("updated")
            .named("access-denied")
            .with_path_parameter("user_id", "00000000-0000-4000-8000-000000000009")
            .refused(403, "access_denied"),
        on("updated").named("no-credential").without_header("authorization").refused(401, "not_authenticated"),
        on("updated").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
        untrusted_page("updated"),
    ]
}
