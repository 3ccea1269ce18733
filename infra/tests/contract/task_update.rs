//! PUT /api/{user_id}/tasks/{task_id}

use serde_json::{Value, json};

use crate::harness::*;

const MEMBERS: [&str; 9] =
    ["id", "user_id", "title", "description", "completed", "priority", "due_date", "created_at", "updated_at"];

/// A task with a value in every member.
async fn full_task(client: &Client, user: &User) -> Answer {
    let body = json!({"title": "before", "description": "before", "priority": "low", "due_date": "2030-01-31"});
    client.create(user, body).await
}

#[tokio::test]
async fn each_member_changes_alone() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let mut before = full_task(&client, user).await;
    let id = before.json()["id"].clone();
    for (member, value) in [
        ("title", json!("after")),
        ("description", json!("after")),
        ("completed", json!(true)),
        ("completed", json!(false)),
        ("priority", json!("high")),
        ("due_date", json!("2031-12-31")),
        ("due_date", json!("2031-12-31T08:00:00.000Z")),
        ("description", Value::Null),
        ("due_date", Value::Null),
    ] {
        let answer = client.update(user, &id, &json!({member: value})).await;
        let (old, new) = (before.json(), answer.expect(200).json());
        assert_task(&new, user);
        assert_eq!(new[member], value, "{member}");
        for other in MEMBERS.into_iter().filter(|other| *other != member && *other != "updated_at") {
            assert_eq!(new[other], old[other], "{other} when {member} changes");
        }
        assert!(timestamp(&new["updated_at"]) >= timestamp(&old["updated_at"]));
        assert_ne!(answer.etag(), before.etag(), "{member}");
        let fetched = client.fetch(user, &id).await;
        assert_eq!((fetched.json(), fetched.etag()), (new, answer.etag()));
        before = answer;
    }
}

#[tokio::test]
async fn all_members_change_together() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = full_task(&client, user).await.json()["id"].clone();
    let body = json!({
        "title": "  after  ", "description": "after", "completed": true, "priority": "high",
        "due_date": "2031-01-31T10:00:00+02:00",
    });
    let task = client.update(user, &id, &body).await.expect(200).json();
    assert_eq!(task["title"], "after");
    assert_eq!(task["description"], "after");
    assert_eq!(task["completed"], json!(true));
    assert_eq!(task["priority"], "high");
    assert_eq!(task["due_date"], "2031-01-31T08:00:00.000Z");
}

#[tokio::test]
async fn a_change_is_dated() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let task = full_task(&client, user).await.json();
    let (earliest, latest) = (seconds_from_now(-300), seconds_from_now(300));
    let changed = client.update(user, &task["id"], &json!({"title": "after"})).await.expect(200).json();
    let time = timestamp(&changed["updated_at"]);
    assert!(earliest < time && time < latest, "{time}");
    assert!(time >= timestamp(&task["updated_at"]));
}

#[tokio::test]
async fn an_update_of_nothing_changes_nothing() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let before = full_task(&client, user).await;
    let id = before.json()["id"].clone();
    for body in [json!({}), json!({"unknown": 1}), json!({"id": 7, "user_id": "x", "created_at": null})] {
        let answer = client.update(user, &id, &body).await;
        assert_eq!(answer.expect(200).json(), before.json(), "{body}");
        assert_eq!(answer.etag(), before.etag(), "{body}");
    }
    assert_eq!(client.fetch(user, &id).await.etag(), before.etag());
}

#[tokio::test]
async fn null_clears_what_may_be_empty_and_is_refused_elsewhere() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = full_task(&client, user).await.json()["id"].clone();
    for member in ["title", "completed", "priority"] {
        let pointer = format!("/{member}");
        assert_invalid(&client.update(user, &id, &json!({member: null})).await, &[&pointer]);
    }
    let cleared = client.update(user, &id, &json!({"description": null, "due_date": null})).await.expect(200).json();
    assert_eq!((&cleared["description"], &cleared["due_date"]), (&Value::Null, &Value::Null));
    assert_eq!(client.fetch(user, &id).await.json(), cleared);
    // Clearing what is empty already is no error.
    client.update(user, &id, &json!({"description": null, "due_date": null})).await.expect(200);
}

#[tokio::test]
async fn the_limits_are_those_of_a_new_task() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = full_task(&client, user).await.json()["id"].clone();
    for character in ["x", "🦀"] {
        for (member, most) in [("title", 200), ("description", 5_000)] {
            let (longest, too_long) = (character.repeat(most), character.repeat(most + 1));
            let task = client.update(user, &id, &json!({member: longest})).await.expect(200).json();
            assert_eq!(task[member], json!(longest));
            let pointer = format!("/{member}");
            assert_invalid(&client.update(user, &id, &json!({member: too_long})).await, &[&pointer]);
        }
    }
    for (member, wrong) in [
        ("title", ""),
        ("title", "   "),
        ("title", "\u{3000}"),
        ("priority", ""),
        ("priority", "HIGH"),
        ("priority", "urgent"),
        ("due_date", ""),
        ("due_date", "soon"),
        ("due_date", "2030-02-30"),
        ("due_date", "2030-01-31T10:00:00"),
    ] {
        let pointer = format!("/{member}");
        assert_invalid(&client.update(user, &id, &json!({member: wrong})).await, &[&pointer]);
    }
}

#[tokio::test]
async fn each_member_must_have_its_type() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let before = full_task(&client, user).await;
    let id = before.json()["id"].clone();
    let texts = ["title", "description", "priority", "due_date"];
    for wrong in [json!(1), json!(0.5), json!(true), json!([]), json!(["x"]), json!({}), json!({"S": "x"})] {
        for member in texts {
            let pointer = format!("/{member}");
            assert_invalid(&client.update(user, &id, &json!({member: wrong})).await, &[&pointer]);
        }
    }
    for wrong in [json!(0), json!(1), json!("true"), json!("false"), json!(""), json!([]), json!({})] {
        assert_invalid(&client.update(user, &id, &json!({"completed": wrong})).await, &["/completed"]);
    }
    assert_eq!(client.fetch(user, &id).await.etag(), before.etag());
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_nothing_changes() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let before = full_task(&client, user).await;
    let id = before.json()["id"].clone();
    let all = ["/title", "/description", "/completed", "/priority", "/due_date"];
    let body = json!({"title": " ", "description": 5, "completed": null, "priority": "x", "due_date": "x"});
    assert_invalid(&client.update(user, &id, &body).await, &all);
    let body = json!({"title": null, "description": "d".repeat(5_001), "completed": 1, "priority": [], "due_date": {}});
    assert_invalid(&client.update(user, &id, &body).await, &all);
    // One good member does not carry a bad one through.
    let body = json!({"title": "after", "priority": "x"});
    assert_invalid(&client.update(user, &id, &body).await, &["/priority"]);

    let after = client.fetch(user, &id).await;
    assert_eq!((after.json(), after.etag()), (before.json(), before.etag()));
}

#[tokio::test]
async fn members_that_a_client_may_not_set_are_ignored() {
    let client = Client::new();
    let (user, other) = shared_pair(&client).await;
    let before = full_task(&client, user).await.json();
    let body = json!({
        "title": "after", "id": 1, "task_id": 1, "user_id": other.id, "version": 99, "unknown": {"deep": [1]},
        "created_at": "2001-01-01T00:00:00.000Z", "updated_at": "2001-01-01T00:00:00.000Z",
    });
    let after = client.update(user, &before["id"], &body).await.expect(200).json();
    assert_task(&after, user);
    assert_eq!(after["title"], "after");
    for member in ["id", "user_id", "created_at"] {
        assert_eq!(after[member], before[member]);
    }
    assert!(timestamp(&after["updated_at"]) >= timestamp(&before["updated_at"]));
    assert_problem(&client.get(&other.task(&before["id"])).token(&other.token).send().await, 404, "task_not_found");
}

#[tokio::test]
async fn an_update_of_a_missing_task_makes_none() {
    let client = Client::new();
    let user = client.sign_up().await;
    for body in [json!({"title": "made by an update"}), json!({})] {
        assert_problem(&client.update(&user, &json!(42), &body).await, 404, "task_not_found");
    }
    assert_eq!(client.list(&user, "").await, Vec::<Value>::new());
}
