//! Every task route against every kind of caller.

use serde_json::{Value, json};

use crate::harness::*;

/// Something of a user that nobody else may see or touch.
async fn private_task(client: &Client, owner: &User) -> (Value, String) {
    let created = client.create(owner, json!({"title": "private", "description": "a secret of its owner"})).await;
    (created.json(), created.etag())
}

async fn assert_untouched(client: &Client, owner: &User, (task, etag): &(Value, String)) {
    let now = client.fetch(owner, &task["id"]).await;
    assert_eq!((&now.json(), &now.etag()), (task, etag));
}

#[tokio::test]
async fn without_a_token_no_task_route_opens() {
    let client = Client::new();
    let owner = shared_user(&client).await;
    let private = private_task(&client, owner).await;
    let id = private.0["id"].to_string();
    for (user_id, task_id) in [(owner.id.as_str(), id.as_str()), (&owner.id, "1"), ("nobody", &id), ("nobody", "abc")] {
        for route in task_routes(user_id, task_id) {
            assert_problem(&client.route(route).send().await, 401, "not_authenticated");
        }
    }
    assert_untouched(&client, owner, &private).await;
}

#[tokio::test]
async fn with_a_malformed_token_no_task_route_opens() {
    let client = Client::new();
    let (owner, other) = shared_pair(&client).await;
    let private = private_task(&client, owner).await;
    let id = private.0["id"].to_string();
    let cut = &owner.token[..owner.token.len() - 4];
    for token in ["", "nonsense", "a.b.c", cut, &format!("{cut}AAAA"), &owner.id] {
        for user_id in [&owner.id, &other.id] {
            for route in task_routes(user_id, &id) {
                assert_problem(&client.route(route).token(token).send().await, 401, "not_authenticated");
            }
        }
    }
    assert_untouched(&client, owner, &private).await;
}

#[tokio::test]
async fn the_path_of_another_user_is_denied_whether_or_not_user_and_task_exist() {
    let client = Client::new();
    let (caller, owner) = shared_pair(&client).await;
    let private = private_task(&client, owner).await;
    let own = client.create_titled(caller, "the caller's own").await;
    let nobody = if owner.id.starts_with('0') { "1" } else { "0" }.to_owned() + &owner.id[1..];
    let mut bodies = Vec::new();
    for user_id in [&owner.id, &nobody] {
        for task_id in [&private.0["id"], &own["id"], &json!(1), &json!(0)] {
            for route in task_routes(user_id, &task_id.to_string()) {
                let answer = client.route(route).token(&caller.token).send().await;
                assert_problem(&answer, 403, "access_denied");
                bodies.push(without_request_id(&answer));
            }
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "the answers differ: {bodies:?}");
    assert_untouched(&client, owner, &private).await;
    assert_eq!(client.fetch(caller, &own["id"]).await.json(), own);
}

#[tokio::test]
async fn the_task_of_another_user_is_not_found_like_one_that_never_was() {
    let client = Client::new();
    let (caller, owner) = shared_pair(&client).await;
    let private = private_task(&client, owner).await;
    for (foreign, missing) in
        task_routes(&caller.id, &private.0["id"].to_string()).into_iter().zip(task_routes(&caller.id, "1")).skip(2)
    {
        let foreign = client.route(foreign).token(&caller.token).send().await;
        let missing = client.route(missing).token(&caller.token).send().await;
        assert_problem(&foreign, 404, "task_not_found");
        assert_problem(&missing, 404, "task_not_found");
        assert_eq!(without_request_id(&foreign), without_request_id(&missing));
        assert_eq!(foreign.header("etag"), None);
    }
    assert_untouched(&client, owner, &private).await;
}

#[tokio::test]
async fn a_precondition_tells_nothing_about_the_task_of_another_user() {
    let client = Client::new();
    let (caller, owner) = shared_pair(&client).await;
    let private = private_task(&client, owner).await;
    for tag in ["*", private.1.as_str(), "\"stale\""] {
        let foreign = task_routes(&caller.id, &private.0["id"].to_string());
        let missing = task_routes(&caller.id, "1");
        for (foreign, missing) in foreign.into_iter().zip(missing).skip(3) {
            let foreign = client.route(foreign).token(&caller.token).header("if-match", tag).send().await;
            let missing = client.route(missing).token(&caller.token).header("if-match", tag).send().await;
            foreign.expect_one_of(&[404, 412]);
            assert_eq!(foreign.status, missing.status);
            assert_eq!(without_request_id(&foreign), without_request_id(&missing));
        }
    }
    assert_untouched(&client, owner, &private).await;
}

#[tokio::test]
async fn a_list_holds_the_tasks_of_its_owner_alone() {
    let client = Client::new();
    let (one, other) = (client.sign_up().await, client.sign_up().await);
    let (first, second) = (client.create_titled(&one, "first").await, client.create_titled(&other, "second").await);
    assert_eq!(client.list(&one, "").await, vec![first]);
    assert_eq!(client.list(&other, "?q=s").await, vec![second]);
}
