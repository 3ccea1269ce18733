use serde_json::json;

use super::untrusted_page;
use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    vec![
        on("flipped")
            .answers(200)
            .has(json!({"completed": true, "title": "Try the API", "updated_at": "2030-01-01T00:00:00.000Z"}))
            .has_header("etag", "\"2\"")
            .costs_as("tasks-complete"),
        on("flipped")
            .given(Given::After("tasks-complete/flipped"))
            .answers(200)
            .has(json!({"completed": false}))
            .has_header("etag", "\"3\""),
        on("flipped")
            .named("flipped-once")
            .with_header("idempotency-key", "0b9a52c7")
            .answers(200)
            .has(json!({"completed": true}))
            .has_header("etag", "\"2\"")
            .where_(|answer| assert_eq!(answer.header("idempotency-replayed"), None))
            .costs_as("tasks-complete, Idempotency-Key"),
        on("flipped-once")
            .given(Given::After("tasks-complete/flipped-once"))
            .answers(200)
            .has(json!({"completed": true}))
            .has_header("etag", "\"2\"")
            .has_header("idempotency-replayed", "true"),
        on("flipped")
            .named("idempotency-key-reused")
            .with_header("idempotency-key", "0b9a52c7")
            .with_header("if-match", "\"1\"")
            .given(Given::After("tasks-complete/flipped-once"))
            .refused(422, "idempotency_key_reused"),
        on("flipped").named("known-version").with_header("if-none-match", "*").refused(412, "precondition_failed"),
        on("precondition-met").answers(200).has_header("etag", "\"2\""),
        on("precondition-met").given(Given::After("tasks-complete/flipped")).refused(412, "precondition_failed"),
        on("flipped").named("precondition-failed").with_header("if-match", "\"7\"").refused(412, "precondition_failed"),
        on("flipped")
            .named("task-not-found")
            .with_path_parameter("task_id", "258696806400001")
            .refused(404, "task_not_found")
            .has(json!({"detail": "Task not found"})),
        on("flipped").named("malformed-task-id").with_path_parameter("task_id", "1e3").refused(404, "task_not_found"),
        on("flipped")
            .named("access-denied")
            .with_path_parameter("user_id", "00000000-0000-4000-8000-000000000009")
            .refused(403, "access_denied")
            .has(json!({"detail": "Access denied to this resource"})),
        on("flipped").named("no-credential").without_header("authorization").refused(401, "not_authenticated"),
        on("flipped").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
        untrusted_page("flipped"),
    ]
}
