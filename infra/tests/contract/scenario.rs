//! One day with the application, as its frontend and its users see it.

use serde_json::{Value, json};

use crate::harness::*;

fn titles(tasks: &[Value]) -> Vec<&str> {
    tasks.iter().map(|task| task["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_whole_day() {
    let client = Client::new();

    // Morning: Ada signs up on her laptop and plans.
    let email = unique_email();
    let body = json!({"email": email.to_uppercase(), "password": PASSWORD, "name": "Ada"});
    let laptop = User::from_answer(&client.sign_up_call(&body).send().await.expect(201).json());
    assert_eq!(client.list(&laptop, "").await, Vec::<Value>::new());
    for (title, priority, due) in [
        ("Write the report", "high", json!("2030-06-03")),
        ("Call Grace", "medium", json!("2030-06-02T15:00:00+02:00")),
        ("Water the plants", "low", Value::Null),
        ("Book the train", "high", json!("2030-06-01")),
    ] {
        client.create(&laptop, json!({"title": title, "priority": priority, "due_date": due})).await;
    }
    let by_due = client.list(&laptop, "?sort=due&order=asc&due_before=2030-12-31").await;
    assert_eq!(titles(&by_due), ["Book the train", "Call Grace", "Write the report"]);
    assert_eq!(titles(&client.list(&laptop, "?priority=high").await), ["Book the train", "Write the report"]);

    // On the way: her phone lost the answer to a new task and asks again.
    let phone = client.log_in(&laptop).await;
    let key = unique();
    let errand = || {
        let call = client.post(&phone.tasks()).token(&phone.token).header("idempotency-key", &key);
        call.json(&json!({"title": "Buy bread"})).send()
    };
    assert_eq!(errand().await.expect(201).json(), errand().await.expect(201).json());
    assert_eq!(client.list(&laptop, "").await.len(), 5);

    // Noon: the train is booked, on the phone, and the laptop knows.
    let train = by_due[0]["id"].clone();
    client.patch(&phone.complete(&train)).token(&phone.token).send().await.expect(200);
    assert_eq!(titles(&client.list(&laptop, "?status=done").await), ["Book the train"]);

    // Both devices edit the report; the second sees that it is late and looks again.
    let report = by_due[2]["id"].clone();
    let seen = client.fetch(&laptop, &report).await.etag();
    let edit = |device: &User, tag: &str, text: &str| {
        let call = client.put(&device.task(&report)).token(&device.token).header("if-match", tag);
        call.json(&json!({"description": text})).send()
    };
    edit(&phone, &seen, "Chapter one is done").await.expect(200);
    assert_problem(&edit(&laptop, &seen, "Begin with chapter one").await, 412, "precondition_failed");
    let fresh = client.fetch(&laptop, &report).await;
    assert_eq!(fresh.json()["description"], "Chapter one is done");
    edit(&laptop, &fresh.etag(), "Chapters one and two are done").await.expect(200);
    assert_eq!(titles(&client.list(&phone, "?q=TWO").await), ["Write the report"]);

    // Afternoon: Grace joins. Neither sees what the other has.
    let grace = client.sign_up().await;
    assert_problem(&client.get(&laptop.tasks()).token(&grace.token).send().await, 403, "access_denied");
    assert_problem(&client.get(&grace.task(&report)).token(&grace.token).send().await, 404, "task_not_found");

    // The call is put off, its date taken away, and the plants go.
    let call = by_due[1]["id"].clone();
    let later = client.update(&phone, &call, &json!({"due_date": null, "priority": "low"})).await.expect(200).json();
    assert_eq!((&later["due_date"], &later["priority"]), (&Value::Null, &json!("low")));
    let plants = client.list(&phone, "?q=plants").await[0].clone();
    let deleted = client.delete(&phone.task(&plants["id"])).token(&phone.token).send().await;
    assert_eq!(deleted.expect(200).json(), plants);

    // Evening: page by page through what is left.
    let pages = client.pages(&phone, &format!("{}?limit=3&order=asc", phone.tasks())).await;
    assert_eq!(titles(&pages.concat()), ["Write the report", "Call Grace", "Book the train", "Buy bread"]);

    // The phone is lost: its session is ended, the laptop stays signed in.
    client.post("/api/auth/logout").token(&phone.token).send().await.expect(200);
    assert_problem(&client.get(&phone.tasks()).token(&phone.token).send().await, 401, "not_authenticated");
    let me = client.get("/api/auth/me").token(&laptop.token).send().await.expect(200).json();
    assert_eq!(me, json!({"id": laptop.id, "email": email, "name": "Ada"}));
    assert_eq!(client.list(&laptop, "?status=open").await.len(), 3);
}
