use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("updated")
            .answers(200)
            .with(json!({
                "title": "Try the whole API",
                "description": "The README has the commands.",
                "completed": true,
                "priority": "low",
                "due_date": "2026-02-01T08:30:00.000Z",
                "created_at": "2026-01-01T00:00:00.000Z",
                "updated_at": "2030-01-01T00:00:00.000Z",
            }))
            .with_header("etag", "\"2\"")
            .costs_as("tasks-update"),
        on("cleared")
            .answers(200)
            .with(json!({"title": "Try the API", "description": null, "due_date": null}))
            .with_header("etag", "\"2\""),
        on("nothing")
            .answers(200)
            .with(json!({"title": "Try the API", "updated_at": "2026-01-01T00:00:00.000Z"}))
            .with_header("etag", "\"1\""),
        on("precondition-met").answers(200).with_header("etag", "\"2\""),
        on("precondition-met").given(Given::After("tasks-update/updated")).refused(412, "precondition_failed"),
        on("precondition-failed").refused(412, "precondition_failed"),
        on("validation-failed").invalid(&["/title", "/description", "/completed", "/priority", "/due_date"]),
        on("task-not-found").refused(404, "task_not_found"),
        on("malformed-task-id").refused(404, "task_not_found"),
        on("malformed-json").refused(400, "malformed_json"),
        on("body-too-large").refused(413, "body_too_large"),
        on("wrong-media-type").refused(415, "unsupported_media_type"),
        on("access-denied").refused(403, "access_denied"),
        on("no-credential").refused(401, "not_authenticated"),
        on("ended-session").refused(401, "not_authenticated"),
        on("untrusted-origin").refused(403, "untrusted_origin"),
    ]
}
