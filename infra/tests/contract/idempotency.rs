//! `Idempotency-Key` on every change of a task.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::*;

async fn keyed(client: &Client, user: &User, key: &str, body: &Value) -> Answer {
    client.post(&user.tasks()).token(&user.token).header("idempotency-key", key).json(body).send().await
}

/// PUT, PATCH and DELETE of one task.
fn writes(user: &User, id: &Value) -> Vec<(Method, String, Option<Value>)> {
    task_routes(&user.id, &id.to_string()).into_iter().skip(3).collect()
}

#[track_caller]
fn assert_same(one: &Answer, other: &Answer) {
    assert_eq!(one.expect(201).json(), other.expect(201).json());
    assert_replayed(one, other);
}

/// The second answer is the first again, and says so.
#[track_caller]
fn assert_replayed(one: &Answer, other: &Answer) {
    assert_eq!((other.status, &other.body), (one.status, &one.body), "{}", other.shown());
    assert_eq!(one.header("idempotency-replayed"), None);
    assert_eq!(other.header("idempotency-replayed"), Some("true"));
    assert_eq!(one.header("location"), other.header("location"));
    assert_eq!(one.etag(), other.etag());
}

#[tokio::test]
async fn the_same_key_and_body_give_the_first_answer_again_and_make_one_task() {
    let client = Client::new();
    let user = client.sign_up().await;
    let body = json!({"title": "once", "description": "only", "priority": "high", "due_date": "2030-01-31"});
    let key = unique();
    let first = keyed(&client, &user, &key, &body).await;
    assert_task(&first.expect(201).json(), &user);
    for _ in 0..3 {
        assert_same(&first, &keyed(&client, &user, &key, &body).await);
    }
    assert_eq!(client.list(&user, "").await, vec![first.json()]);
}

#[tokio::test]
async fn the_first_answer_comes_again_after_the_task_changed_and_after_it_is_gone() {
    let client = Client::new();
    let user = client.sign_up().await;
    let (key, body) = (unique(), json!({"title": "once"}));
    let first = keyed(&client, &user, &key, &body).await;
    let id = first.expect(201).json()["id"].clone();
    client.update(&user, &id, &json!({"title": "changed"})).await.expect(200);
    assert_same(&first, &keyed(&client, &user, &key, &body).await);
    client.delete(&user.task(&id)).token(&user.token).send().await.expect(200);
    assert_same(&first, &keyed(&client, &user, &key, &body).await);
    assert_eq!(client.list(&user, "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let client = Client::new();
    let user = client.sign_up().await;
    let key = unique();
    let first = keyed(&client, &user, &key, &json!({"title": "one"})).await;
    first.expect(201);
    for other in [
        json!({"title": "two"}),
        json!({"title": "one", "priority": "high"}),
        json!({"title": "one", "due_date": "2030-01-31"}),
    ] {
        assert_problem(&keyed(&client, &user, &key, &other).await, 422, "idempotency_key_reused");
    }
    assert_same(&first, &keyed(&client, &user, &key, &json!({"title": "one"})).await);
    assert_eq!(client.list(&user, "").await, vec![first.json()]);
}

#[tokio::test]
async fn other_keys_make_other_tasks() {
    let client = Client::new();
    let user = client.sign_up().await;
    let (key, body) = (unique(), json!({"title": "once per key"}));
    let mut made = Vec::new();
    // Keys are compared as they are, case and all.
    for key in [format!("{key}a"), format!("{key}A"), format!("{key}-a")] {
        made.push(keyed(&client, &user, &key, &body).await.expect(201).json()["id"].as_u64().unwrap());
    }
    made.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(ids(&client.list(&user, "").await), made);
    made.dedup();
    assert_eq!(made.len(), 3);
}

#[tokio::test]
async fn a_key_belongs_to_a_user_in_all_of_their_sessions() {
    let client = Client::new();
    let (one, other) = shared_pair(&client).await;
    let (key, body) = (unique(), json!({"title": "once per user"}));
    let (first, second) = (keyed(&client, one, &key, &body).await, keyed(&client, other, &key, &body).await);
    assert_task(&first.expect(201).json(), one);
    assert_task(&second.expect(201).json(), other);
    assert_ne!(first.json()["id"], second.json()["id"]);
    let again = client.log_in(one).await;
    assert_same(&first, &keyed(&client, &again, &key, &body).await);
}

#[tokio::test]
async fn a_key_opens_nothing_without_a_token() {
    let client = Client::new();
    let (user, other) = shared_pair(&client).await;
    let (key, body) = (unique(), json!({"title": "once"}));
    keyed(&client, user, &key, &body).await.expect(201);
    let call = client.post(&user.tasks()).header("idempotency-key", &key).json(&body);
    assert_problem(&call.send().await, 401, "not_authenticated");
    let call = client.post(&user.tasks()).token(&other.token).header("idempotency-key", &key).json(&body);
    assert_problem(&call.send().await, 403, "access_denied");
}

#[tokio::test]
async fn a_refused_request_does_not_use_its_key_up() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let key = unique();
    assert_invalid(&keyed(&client, user, &key, &json!({"title": " "})).await, &["/title"]);
    keyed(&client, user, &key, &json!({"title": "corrected"})).await.expect(201);
}

#[tokio::test]
async fn a_key_has_1_to_255_visible_ascii_characters() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let body = json!({"title": "keyed"});
    let nonce = unique();
    let visible: String = (0x21..=0x7e_u8).map(char::from).collect();
    for key in [format!("{nonce:k<255}"), format!("{nonce}{visible}"), format!("\"{nonce}\"")] {
        let first = keyed(&client, user, &key, &body).await;
        assert_same(&first, &keyed(&client, user, &key, &body).await);
    }
    for key in
        [format!("{nonce:k<256}"), format!("{nonce:k<1000}"), format!("{nonce} spaced"), format!("{nonce}\ttabbed")]
    {
        let answer = keyed(&client, user, &key, &body).await;
        assert_problem(&answer, 422, "validation_failed");
    }
}

#[tokio::test]
async fn a_key_that_is_empty_or_not_ascii_is_refused() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for key in [&b""[..], "schlüssel".as_bytes(), "🔑".as_bytes(), b"\xff\xfe"] {
        let call = client.post(&user.tasks()).token(&user.token).header_bytes("idempotency-key", key);
        let answer = call.json(&json!({"title": "keyed"})).send_to_gateway().await;
        if gateway().hands_over_any_bytes() {
            assert_problem(&answer, 422, "validation_failed");
        } else {
            // A gateway may drop such a header, which makes it an ordinary request, or refuse by itself.
            assert!(answer.status == 201 || answer.status >= 400, "{}", answer.status);
        }
    }
}

#[tokio::test]
async fn a_key_of_one_character_is_a_key() {
    let client = Client::new();
    let user = client.sign_up().await;
    let first = keyed(&client, &user, "k", &json!({"title": "keyed"})).await;
    assert_same(&first, &keyed(&client, &user, "k", &json!({"title": "keyed"})).await);
}

#[tokio::test]
async fn a_write_is_done_once_per_key_and_answered_as_the_first_time() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for at in 0..3 {
        let id = client.create_titled(user, "written once").await["id"].clone();
        let key = unique();
        let send = async || {
            let route = writes(user, &id).remove(at);
            client.route(route).token(&user.token).header("idempotency-key", &key).send().await
        };
        let first = send().await;
        first.expect(200);
        let left = client.get(&user.task(&id)).token(&user.token).send().await;
        for _ in 0..2 {
            assert_replayed(&first, &send().await);
        }
        let now = client.get(&user.task(&id)).token(&user.token).send().await;
        assert_eq!((now.status, now.header("etag")), (left.status, left.header("etag")), "{}", first.line);
        // The first answer stands, whatever has become of the task since.
        if now.status == 200 {
            client.patch(&user.complete(&id)).token(&user.token).send().await.expect(200);
            assert_replayed(&first, &send().await);
            client.delete(&user.task(&id)).token(&user.token).send().await.expect(200);
            assert_replayed(&first, &send().await);
        }
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_method_one_task_one_body_and_its_preconditions() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (id, other) =
        (client.create_titled(user, "one").await["id"].clone(), client.create_titled(user, "other").await);
    let key = unique();
    let put = |id: &Value, body: Value| {
        client.put(&user.task(id)).token(&user.token).header("idempotency-key", &key).json(&body)
    };
    let first = put(&id, json!({"title": "changed", "description": null})).send().await;
    first.expect(200);
    for call in [
        put(&other["id"], json!({"title": "changed", "description": null})),
        put(&id, json!({"title": "changed otherwise", "description": null})),
        // To clear a field is not to leave it alone.
        put(&id, json!({"title": "changed"})),
        put(&id, json!({"title": "changed", "description": null})).header("if-match", "*"),
        put(&id, json!({"title": "changed", "description": null})).header("if-none-match", "\"7\""),
        client.patch(&user.complete(&id)).token(&user.token).header("idempotency-key", &key),
        client.delete(&user.task(&id)).token(&user.token).header("idempotency-key", &key),
        client
            .post(&user.tasks())
            .token(&user.token)
            .header("idempotency-key", &key)
            .json(&json!({"title": "changed"})),
    ] {
        assert_problem(&call.send().await, 422, "idempotency_key_reused");
    }
    assert_eq!(client.fetch(user, &id).await.etag(), first.etag());
    // The same request in other words, and fields that do not count, is the same.
    let again = put(&id, json!({"unknown": 1, "description": null, "title": " changed "})).send().await;
    assert_replayed(&first, &again);
}

#[tokio::test]
async fn a_write_that_was_refused_does_not_use_its_key_up() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for at in 0..3 {
        let created = client.create(user, json!({"title": "guarded"})).await;
        let id = created.json()["id"].clone();
        let key = unique();
        let keyed =
            |id: &Value| client.route(writes(user, id).remove(at)).token(&user.token).header("idempotency-key", &key);
        assert_problem(&keyed(&json!(1)).send().await, 404, "task_not_found");
        assert_problem(&keyed(&id).header("if-match", "\"stale\"").send().await, 412, "precondition_failed");
        assert_problem(&keyed(&id).header("if-none-match", "*").send().await, 412, "precondition_failed");
        let first = keyed(&id).header("if-match", &created.etag()).send().await;
        first.expect(200);
        // By now the tag is stale, but the request was carried out when it was not.
        assert_replayed(&first, &keyed(&id).header("if-match", &created.etag()).send().await);
    }
}

#[tokio::test]
async fn a_key_on_a_write_has_1_to_255_visible_ascii_characters() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = client.create_titled(user, "untouched").await["id"].clone();
    for route in writes(user, &id) {
        let call = client.route(route).token(&user.token).header("idempotency-key", "two words");
        assert_invalid(&call.send().await, &["/idempotency-key"]);
    }
    client.fetch(user, &id).await.expect(200);
}

#[tokio::test]
async fn a_key_opens_no_foreign_task_and_no_ended_session() {
    let client = Client::new();
    let (user, other) = shared_pair(&client).await;
    let id = client.create_titled(user, "mine").await["id"].clone();
    let key = unique();
    let keyed = |token: &str, path: String| client.patch(&path).token(token).header("idempotency-key", &key);
    keyed(&user.token, user.complete(&id)).send().await.expect(200);
    assert_problem(&keyed(&other.token, user.complete(&id)).send().await, 403, "access_denied");
    assert_problem(&keyed(&other.token, other.complete(&id)).send().await, 404, "task_not_found");
    let ended = client.log_in(user).await;
    client.post("/api/auth/logout").token(&ended.token).send().await.expect(200);
    assert_problem(&keyed(&ended.token, user.complete(&id)).send().await, 401, "not_authenticated");
}
