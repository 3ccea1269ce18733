use serde_json::json;

use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let demo_task = json!([{"id": 258_696_806_400_000_u64, "title": "Try the API"}]);
    vec![
        on("tasks")
            .answers(200)
            .has(demo_task.clone())
            .where_(|answer| assert_eq!(answer.header("link"), None))
            .costs_as("tasks-list"),
        on("tasks").given(Given::After("tasks-delete/deleted")).answers(200).has(json!([])),
        on("tasks")
            .given(Given::After("tasks-create/created-with-title-alone"))
            .answers(200)
            .has(json!([{"title": "Buy milk"}, {"title": "Try the API"}])),
        on("filtered").answers(200).has(demo_task.clone()),
        on("tasks")
            .named("empty-parameters")
            .with_query("limit=&status=&sort=&cursor=")
            .answers(200)
            .has(demo_task.clone()),
        on("tasks").named("none-done").with_query("status=done").answers(200).has(json!([])),
        on("none-done").given(Given::After("tasks-complete/flipped")).answers(200).has(demo_task),
        on("tasks")
            .named("forged-cursor")
            .with_query("cursor=AAAAAAAAAAAAAAAAAAAAAHsid2luZG93IjpudWxsfQ")
            .invalid(&["/cursor"]),
        on("tasks")
            .named("validation-failed")
            .with_query("status=finished&priority=urgent&due_before=soon&due_after=later&sort=name&order=up&limit=0")
            .invalid(&["/status", "/priority", "/due_before", "/due_after", "/sort", "/order", "/limit"]),
        on("tasks")
            .named("access-denied")
            .with_path_parameter("user_id", "00000000-0000-4000-8000-000000000009")
            .refused(403, "access_denied"),
        on("tasks").named("no-credential").without_header("authorization").refused(401, "not_authenticated"),
        on("tasks").named("ended-session").with_bearer(tokens::other_session()).refused(401, "not_authenticated"),
    ]
}
