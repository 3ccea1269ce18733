//! GET /api/auth/me and POST /api/auth/logout

use reqwest::Method;
use serde_json::json;

use crate::harness::*;

#[tokio::test]
async fn me_answers_with_the_user_of_the_token() {
    let client = Client::new();
    let (one, other) = shared_pair(&client).await;
    for user in [one, other] {
        let me = client.get("/api/auth/me").token(&user.token).send().await.expect(200).json();
        assert_user(&me);
        assert_eq!((me["id"].as_str(), me["email"].as_str()), (Some(user.id.as_str()), Some(user.email.as_str())));
    }
}

#[tokio::test]
async fn me_and_logout_need_a_token() {
    let client = Client::new();
    for call in [client.get("/api/auth/me"), client.post("/api/auth/logout")] {
        assert_problem(&call.send().await, 401, "not_authenticated");
    }
    for call in [client.get("/api/auth/me"), client.post("/api/auth/logout")] {
        assert_problem(&call.token("nonsense").send().await, 401, "not_authenticated");
    }
}

#[tokio::test]
async fn a_log_out_answers_with_a_message() {
    let client = Client::new();
    let user = client.sign_up().await;
    let answer = client.post("/api/auth/logout").token(&user.token).send().await;
    assert_eq!(answer.expect(200).json(), json!({"message": "Successfully logged out"}));
}

#[tokio::test]
async fn after_a_log_out_the_token_is_refused_on_every_route() {
    let client = Client::new();
    let user = client.sign_up().await;
    let task = client.create_titled(&user, "made before the log out").await;
    client.post("/api/auth/logout").token(&user.token).send().await.expect(200);

    let mut routes = task_routes(&user.id, &task["id"].to_string());
    routes.push((Method::GET, "/api/auth/me".to_owned(), None));
    routes.push((Method::POST, "/api/auth/logout".to_owned(), None));
    for route in routes {
        assert_problem(&client.route(route).token(&user.token).send().await, 401, "not_authenticated");
    }

    let again = client.log_in(&user).await;
    assert_eq!(client.fetch(&again, &task["id"]).await.json(), task, "the refused calls changed nothing");
    assert_eq!(client.list(&again, "").await, vec![task]);
}

#[tokio::test]
async fn a_log_out_ends_its_own_session_only() {
    let client = Client::new();
    let phone = client.sign_up().await;
    let laptop = client.log_in(&phone).await;
    client.post("/api/auth/logout").token(&phone.token).send().await.expect(200);
    assert_problem(&client.get("/api/auth/me").token(&phone.token).send().await, 401, "not_authenticated");
    client.get("/api/auth/me").token(&laptop.token).send().await.expect(200);
    assert_eq!(client.list(&laptop, "").await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn a_log_out_does_not_read_its_body() {
    let client = Client::new();
    let user = client.sign_up().await;
    for body in ["{}", "", "null", "not json"] {
        let session = client.log_in(&user).await;
        let call = client.post("/api/auth/logout").token(&session.token);
        call.text("application/json", body).send().await.expect(200);
        assert_problem(&client.get("/api/auth/me").token(&session.token).send().await, 401, "not_authenticated");
    }
}
