//! POST /api/auth/login

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::*;

#[tokio::test]
async fn a_log_in_answers_with_a_token_and_the_user() {
    let client = Client::new();
    let email = unique_email();
    let signed_up = client.sign_up_call(&json!({"email": email, "password": PASSWORD, "name": "Ada"})).send().await;
    let answer = client.log_in_call(&email, PASSWORD).send().await;
    let body = answer.expect(200).json();
    assert_members(&body, &["access_token", "token_type", "user"]);
    assert_eq!(body["token_type"], "bearer");
    assert_user(&body["user"]);
    assert_eq!(body["user"], signed_up.expect(201).json()["user"]);
}

#[tokio::test]
async fn each_log_in_is_a_session_of_its_own() {
    let client = Client::new();
    let user = client.sign_up().await;
    let again = client.log_in(&user).await;
    assert_ne!(user.token, again.token);
    for token in [&user.token, &again.token] {
        client.get("/api/auth/me").token(token).send().await.expect(200);
    }
}

#[tokio::test]
async fn the_email_is_compared_without_case() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let answer = client.log_in_call(&user.email.to_uppercase(), PASSWORD).send().await;
    assert_eq!(answer.expect(200).json()["user"]["email"], json!(user.email));
}

#[tokio::test]
async fn wrong_credentials_of_every_kind_give_the_same_answer() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let attempts = [
        (user.email.clone(), "not the password".to_owned()),
        (user.email.clone(), format!("{PASSWORD} ")),
        (user.email.clone(), PASSWORD.to_uppercase()),
        (user.email.clone(), PASSWORD[1..].to_owned()),
        (user.email.clone(), String::new()),
        (user.email.clone(), " ".to_owned()),
        (user.email.clone(), "short".to_owned()),
        (user.email.clone(), "p".repeat(101)),
        (user.email.clone(), "p".repeat(128)),
        (user.email.clone(), "p".repeat(129)),
        (user.email.clone(), "🔑".repeat(128)),
        (user.email.clone(), "🔑".repeat(129)),
        (user.email.clone(), "p".repeat(10_000)),
        (user.email.clone(), "nu\u{0}ll".to_owned()),
        (unique_email(), PASSWORD.to_owned()),
        (unique_email(), String::new()),
        (unique_email(), "p".repeat(129)),
    ];
    // Header values differ by request; which headers there are does not.
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
    let mut first: Option<(Value, BTreeSet<String>)> = None;
    for (email, password) in attempts {
        let answer = client.log_in_call(&email, &password).send().await;
        assert_problem(&answer, 401, "invalid_credentials");
        let seen = (without_request_id(&answer), names(&answer));
        assert_eq!(&seen, first.get_or_insert_with(|| seen.clone()), "{email} {password:?}");
    }
}

#[tokio::test]
async fn an_unknown_email_and_an_empty_password_cost_the_time_of_a_wrong_password() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let unknown = unique_email();
    let attempts =
        [(user.email.as_str(), "not the password"), (unknown.as_str(), "not the password"), (user.email.as_str(), "")];
    // The least of several tries, taken in turn: load on the machine can only add to a try.
    let mut least = [Duration::MAX; 3];
    for _ in 0..8 {
        for (fastest, (email, password)) in least.iter_mut().zip(attempts) {
            let call = client.log_in_call(email, password);
            let start = Instant::now();
            assert_problem(&call.send().await, 401, "invalid_credentials");
            *fastest = start.elapsed().min(*fastest);
        }
    }
    // Without a hash an answer takes about a twentieth; the factor leaves room for noise.
    let (shortest, longest) = (least.iter().min().unwrap(), least.iter().max().unwrap());
    assert!(*longest < *shortest * 4, "wrong password, unknown email, empty password: {least:?}");
}

#[tokio::test]
async fn a_refused_log_in_names_a_challenge() {
    // RFC 9110, section 15.5.2: a 401 must carry WWW-Authenticate.
    let client = Client::new();
    let answer = client.log_in_call(&unique_email(), PASSWORD).send().await;
    assert_problem(&answer, 401, "invalid_credentials");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
}

#[tokio::test]
async fn a_failed_log_in_ends_no_session_and_locks_nobody_out() {
    let client = Client::new();
    let user = client.sign_up().await;
    for _ in 0..3 {
        assert_problem(&client.log_in_call(&user.email, "not the password").send().await, 401, "invalid_credentials");
    }
    client.get("/api/auth/me").token(&user.token).send().await.expect(200);
    client.log_in(&user).await;
}

#[tokio::test]
async fn all_that_is_missing_or_of_a_wrong_type_is_told_at_once() {
    let client = Client::new();
    let email = shared_user(&client).await.email.clone();
    let mut cases = vec![
        (json!({}), vec!["/email", "/password"]),
        (json!({"email": email}), vec!["/password"]),
        (json!({"password": PASSWORD}), vec!["/email"]),
        (json!({"email": null, "password": null}), vec!["/email", "/password"]),
        (json!({"email": "not an address", "password": PASSWORD}), vec!["/email"]),
        (json!({"email": "", "password": PASSWORD}), vec!["/email"]),
    ];
    for wrong in [json!(1), json!(true), json!([email]), json!({"$gt": ""})] {
        cases.push((json!({"email": wrong, "password": PASSWORD}), vec!["/email"]));
        cases.push((json!({"email": email, "password": wrong}), vec!["/password"]));
        cases.push((json!({"email": wrong, "password": wrong}), vec!["/email", "/password"]));
    }
    for (body, pointers) in cases {
        assert_invalid(&client.post("/api/auth/login").json(&body).send().await, &pointers);
    }
}

#[tokio::test]
async fn unknown_members_are_ignored() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let body = json!({"email": user.email, "password": PASSWORD, "remember": true, "id": "someone else", "name": 7});
    let answer = client.post("/api/auth/login").json(&body).send().await;
    assert_eq!(answer.expect(200).json()["user"]["id"], json!(user.id));
}
