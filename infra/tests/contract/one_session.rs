//! The credentials of the Better Auth dialect on the plain routes: one principal, and all die with the session.

use serde_json::{Value, json};

use crate::harness::*;

const ME: &str = "/api/auth/me";

impl Session {
    fn bearer_tokens(&self) -> [&str; 3] {
        [&self.session_token, &self.signed_token, &self.jwt]
    }
}

#[tokio::test]
async fn every_bearer_token_of_a_session_opens_the_plain_routes() {
    let client = Client::new();
    let session = Session::open(&client).await;
    for token in session.bearer_tokens() {
        let me = client.get(ME).token(token).send().await.expect(200).json();
        assert_eq!(me["id"], json!(session.user.id));
        let caller = User { token: token.to_owned(), ..session.user.clone() };
        let task = client.create_titled(&caller, "made with another credential").await;
        // The user sees it with the access token of the plain sign-up too.
        assert_eq!(client.fetch(&session.user, &task["id"]).await.json(), task);
    }
}

#[tokio::test]
async fn the_session_cookie_reads_from_anywhere_and_writes_from_trusted_origins_only() {
    let client = Client::new();
    let session = Session::open(&client).await;
    let tasks = session.user.tasks();
    let read = client.get(&tasks).header("cookie", &session.cookie).send().await;
    assert_eq!(read.expect(200).json(), json!([]));
    assert_eq!(
        client.get(ME).header("cookie", &session.cookie).send().await.expect(200).json()["id"],
        json!(session.user.id)
    );

    let write = || client.post(&tasks).header("cookie", &session.cookie).json(&json!({"title": "by a cookie"}));
    for origin in
        [None, Some("null"), Some("https://untrusted.example"), Some("http://localhost:3000.untrusted.example")]
    {
        let call = match origin {
            Some(origin) => write().header("origin", origin),
            None => write(),
        };
        assert_problem(&call.send().await, 403, "untrusted_origin");
    }
    assert_eq!(client.list(&session.user, "").await, Vec::<Value>::new());
    write().header("origin", &trusted_origin()).send().await.expect(201);
}

#[tokio::test]
async fn every_credential_obeys_ownership() {
    let client = Client::new();
    let session = Session::open(&client).await;
    let other = shared_user(&client).await;
    for route in task_routes(&other.id, "1") {
        let call = || client.route(route.clone());
        let by_cookie = call().header("cookie", &session.cookie).header("origin", &trusted_origin());
        assert_problem(&by_cookie.send().await, 403, "access_denied");
        for token in session.bearer_tokens() {
            assert_problem(&call().token(token).send().await, 403, "access_denied");
        }
    }
}

#[tokio::test]
async fn a_log_out_with_any_credential_ends_them_all() {
    let client = Client::new();
    for which in 0..4 {
        let session = Session::open(&client).await;
        let logout = client.post("/api/auth/logout");
        let logout = match session.bearer_tokens().get(which) {
            Some(token) => logout.token(token),
            None => logout.header("cookie", &session.cookie).header("origin", &trusted_origin()),
        };
        logout.send().await.expect(200);
        for token in session.bearer_tokens() {
            assert_problem(&client.get(ME).token(token).send().await, 401, "not_authenticated");
        }
        let answer = client.get(ME).header("cookie", &session.cookie).send().await;
        assert_problem(&answer, 401, "not_authenticated");
        // The session of the plain sign-up is another one.
        client.get(ME).token(&session.user.token).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_sign_out_in_the_other_dialect_ends_them_all() {
    let client = Client::new();
    let session = Session::open(&client).await;
    let call = client.post("/api/auth/sign-out").header("cookie", &session.cookie).header("origin", &trusted_origin());
    call.json(&json!({})).send_to_gateway().await.expect(200);
    for token in session.bearer_tokens() {
        assert_problem(&client.get(ME).token(token).send().await, 401, "not_authenticated");
    }
    assert_problem(&client.get(ME).header("cookie", &session.cookie).send().await, 401, "not_authenticated");
}
