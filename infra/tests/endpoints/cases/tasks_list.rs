use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let demo_task = json!([{"id": 258_696_806_400_000_u64, "title": "Try the API"}]);
    vec![
        on("tasks")
            .answers(200)
            .with(demo_task.clone())
            .where_(|answer| assert_eq!(answer.header("link"), None))
            .costs_as("tasks-list"),
        on("tasks").given(Given::After("tasks-delete/deleted")).answers(200).with(json!([])),
        on("tasks")
            .given(Given::After("tasks-create/created-with-title-alone"))
            .answers(200)
            .with(json!([{"title": "Buy milk"}, {"title": "Try the API"}])),
        on("filtered").answers(200).with(demo_task.clone()),
        on("none-done").answers(200).with(json!([])),
        on("none-done").given(Given::After("tasks-complete/flipped")).answers(200).with(demo_task),
        on("forged-cursor").invalid(&["/cursor"]),
        on("validation-failed").invalid(&[
            "/status",
            "/priority",
            "/due_before",
            "/due_after",
            "/sort",
            "/order",
            "/limit",
        ]),
        on("access-denied").refused(403, "access_denied"),
        on("no-credential").refused(401, "not_authenticated"),
        on("ended-session").refused(401, "not_authenticated"),
    ]
}
