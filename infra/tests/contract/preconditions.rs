//! `ETag` and `If-Match` on a task: RFC 9110, sections 8.8.3 and 13.1.1.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::*;

/// PUT, PATCH and DELETE of one task, with a body that changes it.
fn writes(user: &User, id: &Value) -> Vec<(Method, String, Option<Value>)> {
    task_routes(&user.id, &id.to_string()).into_iter().skip(3).collect()
}

async fn task(client: &Client, user: &User) -> (Value, String) {
    let created = client.create(user, json!({"title": "guarded"})).await;
    (created.json()["id"].clone(), created.etag())
}

async fn assert_untouched(client: &Client, user: &User, id: &Value, etag: &str) {
    assert_eq!(client.fetch(user, id).await.etag(), etag);
}

#[tokio::test]
async fn every_answer_with_a_task_carries_its_tag_and_every_change_a_new_one() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "one"})).await;
    let id = created.json()["id"].clone();
    let mut seen = vec![created.etag()];
    assert_untouched(&client, user, &id, &created.etag()).await;
    for body in [json!({"title": "two"}), json!({"title": "one"}), json!({"completed": true})] {
        let changed = client.update(user, &id, &body).await;
        changed.expect(200);
        assert_untouched(&client, user, &id, &changed.etag()).await;
        seen.push(changed.etag());
    }
    for _ in 0..2 {
        let flipped = client.patch(&user.complete(&id)).token(&user.token).send().await;
        flipped.expect(200);
        assert_untouched(&client, user, &id, &flipped.etag()).await;
        seen.push(flipped.etag());
    }
    // A title or a flip that comes back is another version all the same.
    let versions = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), versions, "{seen:?}");
}

#[tokio::test]
async fn different_tasks_do_not_share_a_precondition() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (one, _) = task(&client, user).await;
    let changed = client.update(user, &one, &json!({"title": "changed"})).await.etag();
    let (other, etag) = task(&client, user).await;
    for route in writes(user, &other) {
        let answer = client.route(route).token(&user.token).header("if-match", &changed).send().await;
        assert_problem(&answer, 412, "precondition_failed");
    }
    assert_untouched(&client, user, &other, &etag).await;
}

#[tokio::test]
async fn a_write_goes_through_with_the_current_tag() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for form in
        ["TAG", "*", "\"other\", TAG", "TAG, \"other\"", "\"a\",TAG,\"b\"", "\"with, comma\", TAG", "W/\"weak\", TAG"]
    {
        for at in 0..3 {
            let (id, etag) = task(&client, user).await;
            let route = writes(user, &id).remove(at);
            let call = client.route(route).token(&user.token).header("if-match", &form.replace("TAG", &etag));
            let answer = call.send().await;
            assert_eq!(answer.status, 200, "{form}: {}", answer.shown());
        }
    }
}

#[tokio::test]
async fn a_write_with_a_stale_tag_is_refused_and_changes_nothing() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, stale) = task(&client, user).await;
    let current = client.update(user, &id, &json!({"title": "changed meanwhile"})).await.etag();
    let opaque = current.trim_matches('"').to_owned();
    for tag in [
        stale.clone(),
        "\"\"".to_owned(),
        "\"never given\"".to_owned(),
        format!("{stale}, \"never given\""),
        // Strong comparison: a weak tag never matches.
        format!("W/{current}"),
        format!("W/{stale}, W/{current}"),
        // Equal but for case or space.
        format!("\" {opaque}\""),
        format!("\"{opaque} \""),
        format!("\"{opaque}0\""),
        format!("\"0{opaque}\""),
        "\"*\"".to_owned(),
    ] {
        for route in writes(user, &id) {
            let answer = client.route(route).token(&user.token).header("if-match", &tag).send().await;
            assert_eq!(answer.status, 412, "{tag}: {}", answer.shown());
            assert_problem(&answer, 412, "precondition_failed");
        }
        // Also where the body would change nothing.
        let call = client.put(&user.task(&id)).token(&user.token).header("if-match", &tag).json(&json!({}));
        assert_problem(&call.send().await, 412, "precondition_failed");
    }
    assert_untouched(&client, user, &id, &current).await;
}

#[tokio::test]
async fn a_precondition_that_is_no_list_of_tags_is_never_met() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, current) = task(&client, user).await;
    let opaque = current.trim_matches('"').to_owned();
    for tag in [
        opaque.clone(),
        format!("\"{opaque}"),
        format!("{opaque}\""),
        format!("'{opaque}'"),
        "nonsense".to_owned(),
        "\"".to_owned(),
    ] {
        for route in writes(user, &id) {
            let answer = client.route(route).token(&user.token).header("if-match", &tag).send().await;
            answer.expect_one_of(&[400, 412, 422]);
        }
    }
    assert_untouched(&client, user, &id, &current).await;
}

#[tokio::test]
async fn a_precondition_on_a_missing_task_is_refused() {
    // RFC 9110 has `*` fail where there is nothing; 404 says the same to a client.
    let client = Client::new();
    let user = shared_user(&client).await;
    for tag in ["*", "\"any\""] {
        for route in writes(user, &json!(1)) {
            let answer = client.route(route).token(&user.token).header("if-match", tag).send().await;
            if answer.status == 404 {
                assert_problem(&answer, 404, "task_not_found");
            } else {
                assert_problem(&answer, 412, "precondition_failed");
            }
        }
    }
}

#[tokio::test]
async fn a_write_without_a_precondition_is_not_held_back() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, _) = task(&client, user).await;
    for route in writes(user, &id) {
        client.route(route).token(&user.token).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_client_that_always_sends_the_last_tag_can_go_on_writing() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, mut etag) = task(&client, user).await;
    for route in writes(user, &id) {
        let answer = client.route(route).token(&user.token).header("if-match", &etag).send().await;
        answer.expect(200);
        if let Some(next) = answer.header("etag") {
            etag = next.to_owned();
        }
    }
}
