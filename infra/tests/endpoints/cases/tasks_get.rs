use serde_json::json;

use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("task")
            .answers(200)
            .with(json!({
                "id": 258_696_806_400_000_u64,
                "user_id": "00000000-0000-4000-8000-000000000001",
                "title": "Try the API",
                "description": "The README has the commands.",
                "completed": false,
                "priority": "high",
                "due_date": "2026-02-01T08:30:00.000Z",
                "created_at": "2026-01-01T00:00:00.000Z",
                "updated_at": "2026-01-01T00:00:00.000Z",
            }))
            .with_header("etag", "\"1\"")
            .costs_as("tasks-get"),
        on("task-not-found").refused(404, "task_not_found").with(json!({"detail": "Task not found"})),
        on("malformed-task-id").refused(404, "task_not_found"),
        on("access-denied").refused(403, "access_denied"),
        on("no-credential").refused(401, "not_authenticated"),
        on("ended-session").refused(401, "not_authenticated"),
    ]
}
