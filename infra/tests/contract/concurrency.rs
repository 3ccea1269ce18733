//! What holds when requests meet.

use std::collections::BTreeSet;

use serde_json::json;

use crate::harness::*;

const MANY: usize = 20;

fn with_status(answers: &[Answer], status: u16) -> Vec<&Answer> {
    answers.iter().filter(|answer| answer.status == status).collect()
}

#[tokio::test]
async fn of_simultaneous_sign_ups_with_one_email_exactly_one_succeeds() {
    let client = Client::new();
    let email = unique_email();
    let calls = (0..MANY).map(|number| {
        // The same address in two spellings, each time with another password.
        let email = if number % 2 == 0 { email.clone() } else { email.to_uppercase() };
        client.sign_up_call(&json!({"email": email, "password": format!("password {number:04}")})).send()
    });
    let answers = together(calls.collect::<Vec<_>>()).await;
    let made = with_status(&answers, 201);
    assert_eq!(made.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem(answer, 400, "email_taken");
    }
    let user = User::from_answer(&made[0].json());
    client.get("/api/auth/me").token(&user.token).send().await.expect(200);

    // Only the password of the one that succeeded opens the account.
    let calls = (0..MANY).map(|number| client.log_in_call(&email, &format!("password {number:04}")).send());
    for (signed_up, logged_in) in answers.iter().zip(together(calls.collect::<Vec<_>>()).await) {
        if signed_up.status == 201 {
            assert_eq!(logged_in.expect(200).json()["user"]["id"], json!(user.id));
        } else {
            assert_problem(&logged_in, 401, "invalid_credentials");
        }
    }
}

#[tokio::test]
async fn simultaneous_log_ins_are_all_sessions() {
    let client = Client::new();
    let user = client.sign_up().await;
    let calls = (0..8).map(|_| client.log_in_call(&user.email, PASSWORD).send());
    let mut tokens = BTreeSet::new();
    for answer in together(calls.collect::<Vec<_>>()).await {
        tokens.insert(User::from_answer(&answer.expect(200).json()).token);
    }
    assert_eq!(tokens.len(), 8);
    for token in &tokens {
        client.get("/api/auth/me").token(token).send().await.expect(200);
    }
}

#[tokio::test]
async fn simultaneous_flips_are_all_flips() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for count in [MANY, MANY + 1] {
        let id = client.create_titled(user, "flipped by many").await["id"].clone();
        let calls = (0..count).map(|_| client.patch(&user.complete(&id)).token(&user.token).send());
        let answers = together(calls.collect::<Vec<_>>()).await;
        let done = answers.iter().filter(|answer| answer.expect(200).json()["completed"] == json!(true)).count();
        // One after the other they go there and back, so half of them find it open.
        assert_eq!(done, count.div_ceil(2));
        let tags: BTreeSet<String> = answers.iter().map(Answer::etag).collect();
        assert_eq!(tags.len(), count, "each flip is a version");
        assert_eq!(client.fetch(user, &id).await.json()["completed"], json!(count % 2 == 1));
    }
}

#[tokio::test]
async fn of_simultaneous_updates_of_one_version_exactly_one_succeeds() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "wanted by many"})).await;
    let (id, etag) = (created.json()["id"].clone(), created.etag());
    let calls = (0..MANY).map(|number| {
        let call = client.put(&user.task(&id)).token(&user.token).header("if-match", &etag);
        call.json(&json!({"title": format!("version {number}")})).send()
    });
    let answers = together(calls.collect::<Vec<_>>()).await;
    let made = with_status(&answers, 200);
    assert_eq!(made.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_problem(answer, 412, "precondition_failed");
    }
    let now = client.fetch(user, &id).await;
    assert_eq!((now.json(), now.etag()), (made[0].json(), made[0].etag()));
}

#[tokio::test]
async fn of_simultaneous_flips_of_one_version_exactly_one_succeeds() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "flipped once"})).await;
    let (id, etag) = (created.json()["id"].clone(), created.etag());
    let calls =
        (0..MANY).map(|_| client.patch(&user.complete(&id)).token(&user.token).header("if-match", &etag).send());
    let answers = together(calls.collect::<Vec<_>>()).await;
    assert_eq!(with_status(&answers, 200).len(), 1);
    assert_eq!(with_status(&answers, 412).len(), MANY - 1);
    assert_eq!(client.fetch(user, &id).await.json()["completed"], json!(true));
}

#[tokio::test]
async fn simultaneous_updates_of_different_members_all_last() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for round in 0..5 {
        let id = client.create_titled(user, "before").await["id"].clone();
        let changes = [
            json!({"title": format!("after {round}")}),
            json!({"description": "after"}),
            json!({"completed": true}),
            json!({"priority": "high"}),
            json!({"due_date": "2030-01-31"}),
        ];
        let calls = changes.iter().map(|change| client.put(&user.task(&id)).token(&user.token).json(change).send());
        for answer in together(calls.collect::<Vec<_>>()).await {
            answer.expect(200);
        }
        let task = client.fetch(user, &id).await.json();
        for change in &changes {
            for (member, value) in change.as_object().unwrap() {
                assert_eq!(&task[member], value, "{task}");
            }
        }
    }
}

#[tokio::test]
async fn simultaneous_requests_with_one_key_make_one_task_and_get_one_answer() {
    let client = Client::new();
    let user = client.sign_up().await;
    let (key, body) = (unique(), json!({"title": "wanted once", "due_date": "2030-01-31"}));
    let calls = (0..MANY)
        .map(|_| client.post(&user.tasks()).token(&user.token).header("idempotency-key", &key).json(&body).send());
    let answers = together(calls.collect::<Vec<_>>()).await;
    let first = answers[0].expect(201);
    for answer in &answers {
        assert_eq!(answer.expect(201).json(), first.json());
        assert_eq!(answer.location(), first.location());
        assert_eq!(answer.etag(), first.etag());
    }
    assert_eq!(client.list(&user, "").await, vec![first.json()]);
}

#[tokio::test]
async fn of_simultaneous_bodies_with_one_key_exactly_one_is_made() {
    let client = Client::new();
    let user = client.sign_up().await;
    let key = unique();
    let calls = (0..MANY).map(|number| {
        let body = json!({"title": format!("number {number}")});
        client.post(&user.tasks()).token(&user.token).header("idempotency-key", &key).json(&body).send()
    });
    let answers = together(calls.collect::<Vec<_>>()).await;
    let made = with_status(&answers, 201);
    assert_eq!(made.len(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem(answer, 422, "idempotency_key_reused");
    }
    assert_eq!(client.list(&user, "").await, vec![made[0].json()]);
}

#[tokio::test]
async fn simultaneous_writes_with_one_key_are_one_write_and_get_one_answer() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for at in 3..6 {
        let id = client.create_titled(user, "written once").await["id"].clone();
        let key = unique();
        let calls = (0..MANY).map(|_| {
            let route = task_routes(&user.id, &id.to_string()).remove(at);
            client.route(route).token(&user.token).header("idempotency-key", &key).send()
        });
        let answers = together(calls.collect::<Vec<_>>()).await;
        for answer in &answers {
            assert_eq!((answer.expect(200).json(), answer.etag()), (answers[0].json(), answers[0].etag()));
        }
        let firsts = answers.iter().filter(|answer| answer.header("idempotency-replayed").is_none()).count();
        assert_eq!(firsts, 1, "{}", answers[0].line);
        let now = client.get(&user.task(&id)).token(&user.token).send().await;
        assert_eq!(now.header("etag"), (now.status == 200).then(|| answers[0].etag()).as_deref());
    }
}

#[tokio::test]
async fn simultaneous_flips_are_all_flips_also_with_keys_of_their_own() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = client.create_titled(user, "flipped by many").await["id"].clone();
    let calls = (0..MANY).map(|number| {
        let call = client.patch(&user.complete(&id)).token(&user.token);
        let call = if number % 2 == 0 { call } else { call.header("idempotency-key", &unique()) };
        call.send()
    });
    let answers = together(calls.collect::<Vec<_>>()).await;
    let done = answers.iter().filter(|answer| answer.expect(200).json()["completed"] == json!(true)).count();
    assert_eq!(done, MANY / 2);
    let tags: BTreeSet<String> = answers.iter().map(Answer::etag).collect();
    assert_eq!(tags.len(), MANY, "each flip is a version");
}

#[tokio::test]
async fn of_simultaneous_deletions_exactly_one_finds_the_task() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "deleted by many"})).await;
    let (task, etag) = (created.json(), created.etag());
    let calls = (0..MANY).map(|number| {
        let call = client.delete(&user.task(&task["id"])).token(&user.token);
        // What is gone has no version that could be another one.
        let call = if number % 2 == 0 { call } else { call.header("if-match", &etag) };
        call.send()
    });
    let answers = together(calls.collect::<Vec<_>>()).await;
    let found = with_status(&answers, 200);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].json(), task);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_problem(answer, 404, "task_not_found");
    }
}

#[tokio::test]
async fn an_update_that_meets_a_deletion_does_not_bring_the_task_back() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for _ in 0..5 {
        let id = client.create_titled(user, "deleted while changed").await["id"].clone();
        let mut calls: Vec<Call> = (0..4)
            .map(|number| client.put(&user.task(&id)).token(&user.token).json(&json!({"title": format!("{number}")})))
            .collect();
        calls.extend((0..4).map(|_| client.patch(&user.complete(&id)).token(&user.token)));
        calls.insert(4, client.delete(&user.task(&id)).token(&user.token));
        for answer in together(calls.into_iter().map(Call::send).collect::<Vec<_>>()).await {
            answer.expect_one_of(&[200, 404]);
        }
        assert_problem(&client.get(&user.task(&id)).token(&user.token).send().await, 404, "task_not_found");
    }
}

#[tokio::test]
async fn simultaneous_log_outs_of_one_session_end_it() {
    let client = Client::new();
    let user = client.sign_up().await;
    let calls = (0..8).map(|_| client.post("/api/auth/logout").token(&user.token).send());
    let answers = together(calls.collect::<Vec<_>>()).await;
    assert!(!with_status(&answers, 200).is_empty());
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_problem(answer, 401, "not_authenticated");
    }
    assert_problem(&client.get("/api/auth/me").token(&user.token).send().await, 401, "not_authenticated");
}
