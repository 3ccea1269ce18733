use serde_json::json;

use super::untrusted_page;
use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    vec![
        on("created")
            .answers(201)
            .has(json!({
                "user_id": "00000000-0000-4000-8000-000000000001",
                "title": "Try the API",
                "description": "The README has the commands.",
                "completed": false,
                "priority": "high",
                "due_date": "2026-02-01T08:30:00.000Z",
                "created_at": "2030-01-01T00:00:00.000Z",
                "updated_at": "2030-01-01T00:00:00.000Z",
            }))
            .has_header("etag", "\"1\"")
            .where_(|answer| {
                let location = format!("/api/00000000-0000-4000-8000-000000000001/tasks/{}", answer.json["id"]);
                assert_eq!(answer.header("location"), Some(location.as_str()));
            })
            .costs_as("tasks-create"),
        on("created").named("created-with-title-alone").with_body(json!({"title": "  Buy milk  "})).answers(201).has(
            json!({"title": "Buy milk", "description": null, "completed": false, "priority": "medium", "due_date": null}),
        ),
        on("created-once").answers(201).has(json!({"title": "Buy milk"})).costs_as("tasks-create, Idempotency-Key"),
        on("created-once").given(Given::MeetsOthers).answers(201).has(json!({"title": "Buy milk"})),
        on("created-once").given(Given::After("tasks-create/created-once")).answers(201).has_header("etag", "\"1\"").has_header("idempotency-replayed", "true"),
        on("created-once").named("idempotency-key-reused").with_fields(json!({"title": "Buy bread"}))
            .given(Given::After("tasks-create/created-once"))
            .refused(422, "idempotency_key_reused"),
        // Without the first request.
        on("idempotency-key-reused").answers(201).has(json!({"title": "Buy bread"})),
        on("created-once").named("idempotency-key-invalid").with_header("idempotency-key", "not one word").invalid(&["/idempotency-key"]),
        on("created").named("validation-failed").with_fields(json!({"title": " ", "description": "x".repeat(5_001), "priority": "urgent", "due_date": "2026-02-30"})).invalid(&["/title", "/description", "/priority", "/due_date"]),
        on("created").named("malformed-json").with_raw_body("{\"title\": Buy milk}").refused(400, "malformed_json"),
        on("created").named("body-too-large").with_body(json!({"title": "Buy milk", "padding": "x".repeat(65_536)})).refused(413, "body_too_large"),
        on("created").named("wrong-media-type").with_header("content-type", "application/x-www-form-urlencoded").with_raw_body("title=Buy+milk").refused(415, "unsupported_media_type"),
        on("created").named("access-denied").with_path_parameter("user_id", "00000000-0000-4000-8000-000000000009").refused(403, "access_denied"),
        on("created").named("no-credential").without_header("authorization").refused(401, "not_authenticated"),
        on("created").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
        on("created")
            .given(Given::TasksCounted(59))
            .configured(&[("MAX_TASKS_PER_USER", "1000")])
            .refused(403, "too_many_tasks"),
        // Found to have fewer.
        on("created").given(Given::TasksCounted(61)).configured(&[("MAX_TASKS_PER_USER", "1000")]).answers(201),
        on("created")
            .given(Given::TasksCounted(60))
            .configured(&[("MAX_TASKS_PER_USER", "1")])
            .refused(403, "too_many_tasks"),
        untrusted_page("created"),
    ]
}
