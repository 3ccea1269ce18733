//! GET, PATCH …/complete and DELETE of /api/{user_id}/tasks/{task_id}

use serde_json::{Value, json};

use crate::harness::*;

#[tokio::test]
async fn a_task_is_read_as_it_was_made() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "read me", "priority": "high", "due_date": "2030-06-15"})).await;
    let fetched = client.fetch(user, &created.json()["id"]).await;
    assert_task(&fetched.json(), user);
    assert_eq!(fetched.json(), created.json());
    assert_eq!(fetched.etag(), created.etag());
    let again = client.fetch(user, &created.json()["id"]).await;
    assert_eq!((again.json(), again.etag()), (fetched.json(), fetched.etag()), "reading changes nothing");
}

#[tokio::test]
async fn complete_flips_there_and_back() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let mut before = client.create(user, json!({"title": "flip me"})).await;
    let id = before.json()["id"].clone();
    for completed in [true, false, true] {
        let flipped = client.patch(&user.complete(&id)).token(&user.token).send().await;
        let (old, new) = (before.json(), flipped.expect(200).json());
        assert_task(&new, user);
        assert_eq!(new["completed"], json!(completed));
        for member in ["id", "user_id", "title", "description", "priority", "due_date", "created_at"] {
            assert_eq!(new[member], old[member], "{member}");
        }
        assert!(timestamp(&new["updated_at"]) >= timestamp(&old["updated_at"]), "{old} {new}");
        assert_ne!(flipped.etag(), before.etag());
        let fetched = client.fetch(user, &id).await;
        assert_eq!((fetched.json(), fetched.etag()), (new, flipped.etag()));
        before = flipped;
    }
}

#[tokio::test]
async fn complete_does_not_read_its_body() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = client.create_titled(user, "flip me").await["id"].clone();
    for (body, completed) in [("{}", true), (r#"{"completed": false}"#, false), ("", true), ("not json", false)] {
        let call = client.patch(&user.complete(&id)).token(&user.token).text("application/json", body);
        assert_eq!(call.send().await.expect(200).json()["completed"], json!(completed), "{body}");
    }
}

#[tokio::test]
async fn a_deleted_task_is_answered_as_it_was_and_then_gone() {
    let client = Client::new();
    let user = client.sign_up().await;
    let (gone, stays) = (client.create_titled(&user, "gone").await, client.create_titled(&user, "stays").await);
    client.update(&user, &gone["id"], &json!({"description": "last words", "completed": true})).await.expect(200);
    let last = client.fetch(&user, &gone["id"]).await.json();

    let path = user.task(&gone["id"]);
    let deleted = client.delete(&path).token(&user.token).send().await;
    assert_eq!(deleted.expect(200).json(), last);

    for (method, path, body) in task_routes(&user.id, &gone["id"].to_string()) {
        if path != user.tasks() {
            assert_problem(&client.route((method, path, body)).token(&user.token).send().await, 404, "task_not_found");
        }
    }
    assert_eq!(client.list(&user, "").await, vec![stays], "nothing came back, and nothing else is gone");
}

#[tokio::test]
async fn a_delete_may_carry_a_media_type_without_a_body() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = client.create_titled(user, "delete me").await["id"].clone();
    let call = client.delete(&user.task(&id)).token(&user.token).header("content-type", "application/json");
    call.send().await.expect(200);
}

#[tokio::test]
async fn a_task_that_never_was_is_not_found() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for route in task_routes(&user.id, "1").into_iter().skip(2) {
        let answer = client.route(route).token(&user.token).send().await;
        assert_problem(&answer, 404, "task_not_found");
        assert_eq!(answer.header("etag"), None);
    }
    let missing: Vec<Value> = client.list(user, "").await.into_iter().filter(|task| task["id"] == 1).collect();
    assert!(missing.is_empty(), "no route made what it did not find: {missing:?}");
}
