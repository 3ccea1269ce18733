//! `ETag`, `If-Match` and `If-None-Match` on a task: RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2, in the order of 13.2.2.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::*;

/// PUT, PATCH and DELETE of one task, with a body that changes it.
fn writes(user: &User, id: &Value) -> Vec<(Method, String, Option<Value>)> {
    task_routes(&user.id, &id.to_string()).into_iter().skip(3).collect()
}

/// The same, and GET.
fn routes(user: &User, id: &Value) -> Vec<(Method, String, Option<Value>)> {
    task_routes(&user.id, &id.to_string()).into_iter().skip(2).collect()
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
    for route in routes(user, &other) {
        let answer = client.route(route).token(&user.token).header("if-match", &changed).send().await;
        assert_problem(&answer, 412, "precondition_failed");
    }
    assert_untouched(&client, user, &other, &etag).await;
}

#[tokio::test]
async fn a_request_goes_through_with_the_current_tag() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for form in
        ["TAG", "*", "\"other\", TAG", "TAG, \"other\"", "\"a\",TAG,\"b\"", "\"with, comma\", TAG", "W/\"weak\", TAG"]
    {
        for at in 0..4 {
            let (id, etag) = task(&client, user).await;
            let route = routes(user, &id).remove(at);
            let call = client.route(route).token(&user.token).header("if-match", &form.replace("TAG", &etag));
            let answer = call.send().await;
            assert_eq!(answer.status, 200, "{form}: {}", answer.shown());
        }
    }
}

#[tokio::test]
async fn a_request_with_a_stale_tag_is_refused_and_changes_nothing() {
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
        for route in routes(user, &id) {
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
        for route in routes(user, &id) {
            let answer = client.route(route).token(&user.token).header("if-match", &tag).send().await;
            answer.expect_one_of(&[400, 412, 422]);
        }
    }
    assert_untouched(&client, user, &id, &current).await;
}

#[tokio::test]
async fn a_task_that_is_not_there_is_not_found_whatever_the_preconditions() {
    // RFC 9110, section 13.2.1: preconditions do not count where the answer without them would be no success.
    let client = Client::new();
    let user = shared_user(&client).await;
    for name in ["if-match", "if-none-match"] {
        for tag in ["*", "\"any\"", "\"1\""] {
            for route in routes(user, &json!(1)) {
                let answer = client.route(route).token(&user.token).header(name, tag).send().await;
                assert_problem(&answer, 404, "task_not_found");
            }
        }
    }
}

#[tokio::test]
async fn a_read_of_a_version_that_the_sender_has_says_so_and_no_more() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, etag) = task(&client, user).await;
    for form in ["TAG", "*", "\"other\", TAG", "\"a\",TAG,\"b\"", "\"with, comma\", TAG", "W/TAG", "W/\"weak\", W/TAG"]
    {
        let list = form.replace("TAG", &etag);
        let answer = client.get(&user.task(&id)).token(&user.token).header("if-none-match", &list).send().await;
        assert_eq!((answer.status, answer.etag()), (304, etag.clone()), "{list}");
        assert!(answer.body.is_empty(), "{list}: {}", answer.shown());
        // What a cache would have of the whole answer, it has of this one too.
        let whole = client.fetch(user, &id).await;
        assert_eq!(answer.header("cache-control"), whole.header("cache-control"), "{list}");
    }
}

#[tokio::test]
async fn a_read_of_a_version_that_the_sender_has_not_gives_the_task() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, old) = task(&client, user).await;
    let current = client.update(user, &id, &json!({"title": "changed"})).await;
    let opaque = current.etag().trim_matches('"').to_owned();
    for list in
        [old.clone(), format!("W/{old}, \"other\""), "\"*\"".to_owned(), opaque.clone(), format!("\"0{opaque}\"")]
    {
        let answer = client.get(&user.task(&id)).token(&user.token).header("if-none-match", &list).send().await;
        assert_eq!(answer.expect(200).json(), current.json(), "{list}");
    }
}

#[tokio::test]
async fn a_write_of_a_version_that_the_sender_rules_out_is_refused_and_changes_nothing() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, etag) = task(&client, user).await;
    for list in ["*".to_owned(), etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}")] {
        for route in writes(user, &id) {
            let answer = client.route(route).token(&user.token).header("if-none-match", &list).send().await;
            assert_problem(&answer, 412, "precondition_failed");
        }
        let call = client.put(&user.task(&id)).token(&user.token).header("if-none-match", &list).json(&json!({}));
        assert_problem(&call.send().await, 412, "precondition_failed");
    }
    assert_untouched(&client, user, &id, &etag).await;
}

#[tokio::test]
async fn a_write_of_any_other_version_goes_through() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, first) = task(&client, user).await;
    client.update(user, &id, &json!({"title": "changed"})).await.expect(200);
    for route in writes(user, &id) {
        let list = format!("\"other\", W/{first}");
        client.route(route).token(&user.token).header("if-none-match", &list).send().await.expect(200);
    }
}

#[tokio::test]
async fn what_the_sender_requires_counts_before_what_the_sender_has() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, stale) = task(&client, user).await;
    let current = client.update(user, &id, &json!({"title": "changed"})).await.etag();
    let both = async |if_match: &str, if_none_match: &str| {
        let call = client.get(&user.task(&id)).token(&user.token);
        call.header("if-match", if_match).header("if-none-match", if_none_match).send().await
    };
    assert_problem(&both(&stale, &current).await, 412, "precondition_failed");
    both(&current, &current).await.expect(304);
    both("*", &stale).await.expect(200);
    for route in writes(user, &id) {
        let call = client.route(route).token(&user.token);
        let answer = call.header("if-match", &current).header("if-none-match", &current).send().await;
        assert_problem(&answer, 412, "precondition_failed");
    }
    assert_untouched(&client, user, &id, &current).await;
}

#[tokio::test]
async fn a_list_of_a_hundred_versions_is_read_to_its_end_and_a_longer_one_refused() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, etag) = task(&client, user).await;
    let others = |count: u32| (0..count).map(|version| format!("\"{}\", ", 1_000 + version)).collect::<String>();
    let list = others(99) + &etag;
    let call = client.put(&user.task(&id)).token(&user.token).json(&json!({"title": "changed"}));
    let changed = call.header("if-match", &list).send().await;
    let list = others(99) + &changed.expect(200).etag();
    for route in writes(user, &id) {
        let answer = client.route(route).token(&user.token).header("if-none-match", &list).send().await;
        assert_problem(&answer, 412, "precondition_failed");
    }
    for name in ["if-match", "if-none-match"] {
        for route in routes(user, &id) {
            let answer = client.route(route).token(&user.token).header(name, &others(101)).send().await;
            assert_invalid(&answer, &[&format!("/{name}")]);
        }
    }
    assert_untouched(&client, user, &id, &changed.etag()).await;
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
