//! `Idempotency-Key` on POST /api/{user_id}/tasks

use serde_json::{Value, json};

use crate::harness::*;

async fn keyed(client: &Client, user: &User, key: &str, body: &Value) -> Answer {
    client.post(&user.tasks()).token(&user.token).header("idempotency-key", key).json(body).send().await
}

#[track_caller]
fn assert_same(one: &Answer, other: &Answer) {
    assert_eq!(one.expect(201).json(), other.expect(201).json());
    assert_eq!(one.location(), other.location());
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
