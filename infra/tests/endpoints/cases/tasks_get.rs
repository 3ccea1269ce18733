use serde_json::json;

use crate::{
    case::{Case, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    vec![
        on("task")
            .answers(200)
            .has(json!({
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
            .has_header("etag", "\"1\"")
            .costs_as("tasks-get"),
        on("task")
            .named("known")
            .with_header("if-none-match", "W/\"7\", W/\"1\"")
            .answers(304)
            .has_header("etag", "\"1\"")
            .where_(|answer| assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", None))),
        on("task").named("changed").with_header("if-none-match", "\"7\"").answers(200).has_header("etag", "\"1\""),
        on("task").named("precondition-failed").with_header("if-match", "\"7\"").refused(412, "precondition_failed"),
        on("task")
            .named("too-many-versions")
            .with_header("if-none-match", (2..103).map(|version| format!("\"{version}\",")).collect::<String>())
            .invalid(&["/if-none-match"]),
        on("task")
            .named("task-not-found")
            .with_path_parameter("task_id", "258696806400001")
            .refused(404, "task_not_found")
            .has(json!({"detail": "Task not found"})),
        on("task").named("malformed-task-id").with_path_parameter("task_id", "1e3").refused(404, "task_not_found"),
        on("task")
            .named("access-denied")
            .with_path_parameter("user_id", "00000000-0000-4000-8000-000000000009")
            .refused(403, "access_denied"),
        on("task").named("no-credential").without_header("authorization").refused(401, "not_authenticated"),
        on("task").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
    ]
}
