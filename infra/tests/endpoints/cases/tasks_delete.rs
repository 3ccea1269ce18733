use serde_json::json;

use super::untrusted_page;
use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    vec![
        on("deleted")
            .answers(200)
            .has(json!({"id": 258_696_806_400_000_u64, "title": "Try the API", "completed": false}))
            .has_header("etag", "\"1\"")
            .afterwards("tasks-get/task", 404)
            .costs_as("tasks-delete"),
        on("deleted").given(Given::After("tasks-delete/deleted")).refused(404, "task_not_found"),
        on("deleted")
            .named("deleted-once")
            .with_header("idempotency-key", "0b9a52c7")
            .answers(200)
            .has(json!({"title": "Try the API"}))
            .has_header("etag", "\"1\"")
            .where_(|answer| assert_eq!(answer.header("idempotency-replayed"), None))
            .costs_as("tasks-delete, Idempotency-Key"),
        on("deleted-once")
            .given(Given::After("tasks-delete/deleted-once"))
            .answers(200)
            .has(json!({"title": "Try the API"}))
            .has_header("etag", "\"1\"")
            .has_header("idempotency-replayed", "true"),
        on("deleted")
            .named("idempotency-key-reused")
            .with_header("idempotency-key", "0b9a52c7")
            .with_header("if-match", "\"1\"")
            .given(Given::After("tasks-delete/deleted-once"))
            .refused(422, "idempotency_key_reused"),
        on("deleted").named("known-version").with_header("if-none-match", "*").refused(412, "precondition_failed"),
        on("precondition-met").answers(200).afterwards("tasks-get/task", 404),
        on("deleted")
            .named("precondition-failed")
            .with_header("if-match", "\"7\"")
            .refused(412, "precondition_failed")
            .afterwards("tasks-get/task", 200),
        on("deleted")
            .named("task-not-found")
            .with_path_parameter("task_id", "258696806400001")
            .refused(404, "task_not_found"),
        on("deleted").named("malformed-task-id").with_path_parameter("task_id", "1e3").refused(404, "task_not_found"),
        on("deleted")
            .named("access-denied")
            .with_path_parameter("user_id", "00000000-0000-4000-8000-000000000009")
            .refused(403, "access_denied"),
        on("deleted")
            .named("no-credential")
            .without_header("authorization")
            .refused(401, "not_authenticated")
            .afterwards("tasks-get/task", 200),
        on("deleted")
            .named("ended-session")
            .with_bearer(tokens::other_session())
            .refused(401, "not_authenticated")
            .afterwards("tasks-get/task", 200),
        untrusted_page("deleted").afterwards("tasks-get/task", 200),
    ]
}
