use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("deleted")
            .answers(200)
            .with(json!({"id": 258_696_806_400_000_u64, "title": "Try the API", "completed": false}))
            .with_header("etag", "\"1\"")
            .afterwards("tasks-get/task", 404)
            .costs_as("tasks-delete"),
        on("deleted").given(Given::After("tasks-delete/deleted")).refused(404, "task_not_found"),
        on("precondition-met").answers(200).afterwards("tasks-get/task", 404),
        on("precondition-failed").refused(412, "precondition_failed").afterwards("tasks-get/task", 200),
        on("task-not-found").refused(404, "task_not_found"),
        on("malformed-task-id").refused(404, "task_not_found"),
        on("access-denied").refused(403, "access_denied"),
        on("no-credential").refused(401, "not_authenticated").afterwards("tasks-get/task", 200),
        on("ended-session").refused(401, "not_authenticated").afterwards("tasks-get/task", 200),
        on("untrusted-origin").refused(403, "untrusted_origin").afterwards("tasks-get/task", 200),
    ]
}
