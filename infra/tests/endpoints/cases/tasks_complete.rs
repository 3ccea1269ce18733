use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("flipped")
            .answers(200)
            .with(json!({"completed": true, "title": "Try the API", "updated_at": "2030-01-01T00:00:00.000Z"}))
            .with_header("etag", "\"2\"")
            .costs_as("tasks-complete"),
        on("flipped")
            .given(Given::After("tasks-complete/flipped"))
            .answers(200)
            .with(json!({"completed": false}))
            .with_header("etag", "\"3\""),
        on("precondition-met").answers(200).with_header("etag", "\"2\""),
        on("precondition-met").given(Given::After("tasks-complete/flipped")).refused(412, "precondition_failed"),
        on("precondition-failed").refused(412, "precondition_failed"),
        on("task-not-found").refused(404, "task_not_found").with(json!({"detail": "Task not found"})),
        on("malformed-task-id").refused(404, "task_not_found"),
        on("access-denied").refused(403, "access_denied").with(json!({"detail": "Access denied to this resource"})),
        on("no-credential").refused(401, "not_authenticated"),
        on("ended-session").refused(401, "not_authenticated"),
        on("untrusted-origin").refused(403, "untrusted_origin"),
    ]
}
