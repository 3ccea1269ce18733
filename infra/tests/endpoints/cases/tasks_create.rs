use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("created")
            .answers(201)
            .with(json!({
                "user_id": "00000000-0000-4000-8000-000000000001",
                "title": "Try the API",
                "description": "The README has the commands.",
                "completed": false,
                "priority": "high",
                "due_date": "2026-02-01T08:30:00.000Z",
                "created_at": "2030-01-01T00:00:00.000Z",
                "updated_at": "2030-01-01T00:00:00.000Z",
            }))
            .with_header("etag", "\"1\"")
            .where_(|answer| {
                let location = format!("/api/00000000-0000-4000-8000-000000000001/tasks/{}", answer.json["id"]);
                assert_eq!(answer.header("location"), Some(location.as_str()));
            })
            .costs_as("tasks-create"),
        on("created-with-title-alone").answers(201).with(
            json!({"title": "Buy milk", "description": null, "completed": false, "priority": "medium", "due_date": null}),
        ),
        on("created-once").answers(201).with(json!({"title": "Buy milk"})).costs_as("tasks-create, Idempotency-Key"),
        on("created-once").given(Given::After("tasks-create/created-once")).answers(201).with_header("etag", "\"1\""),
        on("idempotency-key-reused")
            .given(Given::After("tasks-create/created-once"))
            .refused(422, "idempotency_key_reused"),
        // Without the first request.
        on("idempotency-key-reused").answers(201).with(json!({"title": "Buy bread"})),
        on("idempotency-key-invalid").invalid(&["/idempotency-key"]),
        on("validation-failed").invalid(&["/title", "/description", "/priority", "/due_date"]),
        on("malformed-json").refused(400, "malformed_json"),
        on("body-too-large").refused(413, "body_too_large"),
        on("wrong-media-type").refused(415, "unsupported_media_type"),
        on("access-denied").refused(403, "access_denied"),
        on("no-credential").refused(401, "not_authenticated"),
        on("ended-session").refused(401, "not_authenticated"),
        on("untrusted-origin").refused(403, "untrusted_origin"),
    ]
}
