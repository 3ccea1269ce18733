//! What the gateway makes of paths and methods, and what all answers have in common.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::harness::*;

#[tokio::test]
async fn an_unknown_route_is_not_found() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let paths = [
        "/api".to_owned(),
        "/api/nothing".to_owned(),
        format!("/api/{}", user.id),
        format!("/api/{}/projects", user.id),
        format!("{}/1/undo", user.tasks()),
        format!("{}/1/complete/again", user.tasks()),
    ];
    for path in &paths {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = client.request(method, path).token(&user.token).send_to_gateway().await;
            if gateway().answers_unknown_routes_as_problems() {
                assert_problem(&answer, 404, "route_not_found");
                answer.check_headers();
            } else {
                answer.expect(404);
                let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                let told = ["detail", "message"].iter().any(|member| body[*member].is_string());
                assert!(told, "{path}: {}", answer.shown());
            }
        }
    }
}

#[tokio::test]
async fn beside_the_api_there_is_nothing_but_perhaps_the_web_application() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for path in ["/", "/nothing", "/API/AUTH/ME", "/tasks", "/index.html", "/.env"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = client.request(method.clone(), path).token(&user.token).send_to_gateway().await;
            // Pages take nobody for signed in because of a token: they lead elsewhere, or do not exist.
            let is_page =
                answer.status == 307 || answer.header("content-type").is_some_and(|it| it.starts_with("text/html"));
            if method == Method::GET && is_page {
                answer.expect_one_of(&[307, 404]);
            } else if gateway().answers_unknown_routes_as_problems() {
                assert_problem(&answer, 404, "route_not_found");
                answer.check_headers();
            } else {
                answer.expect(404);
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_method_on_a_known_path_is_told() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let task = client.create_titled(user, "for wrong methods").await;
    let (tasks, one, complete) = (user.tasks(), user.task(&task["id"]), user.complete(&task["id"]));
    for (path, allowed) in [
        ("/api/auth/signup", &["POST"][..]),
        ("/api/auth/login", &["POST"]),
        ("/api/auth/logout", &["POST"]),
        ("/api/auth/me", &["GET"]),
        ("/api/auth/forgot-password", &["POST"]),
        ("/api/auth/export", &["GET"]),
        (tasks.as_str(), &["GET", "POST"]),
        (one.as_str(), &["GET", "PUT", "DELETE"]),
        (complete.as_str(), &["PATCH"]),
    ] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if allowed.contains(&method.as_str()) {
                continue;
            }
            let answer =
                client.request(method.clone(), path).token(&user.token).json(&json!({})).send_to_gateway().await;
            if gateway().answers_unknown_routes_as_problems() {
                assert_problem(&answer, 405, "method_not_allowed");
                answer.check_headers();
                // RFC 9110, section 15.5.6: a 405 must carry Allow.
                let named = answer.header_items("allow");
                for method in allowed {
                    assert!(named.contains(&method.to_lowercase()), "{path}: Allow is {named:?}");
                }
                assert!(!named.contains(&method.as_str().to_lowercase()), "{path}: Allow is {named:?}");
            } else {
                answer.expect_one_of(&[404, 405]);
            }
        }
    }
    assert_eq!(client.fetch(user, &task["id"]).await.json(), task);
}

#[tokio::test]
async fn head_has_no_body() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for path in ["/api/auth/me".to_owned(), user.tasks(), "/nothing".to_owned()] {
        for token in ["nonsense", &user.token] {
            let answer = client.request(Method::HEAD, &path).token(token).send_to_gateway().await;
            assert!(answer.body.is_empty(), "{path}");
            // An HTTP API has no HEAD of its own accord; a gateway may take it for a GET.
            let allowed: &[u16] = if token == "nonsense" { &[401, 404, 405] } else { &[200, 404, 405] };
            answer.expect_one_of(&[allowed, gateway().own_statuses_of_head()].concat());
        }
    }
}

#[tokio::test]
async fn methods_from_elsewhere_break_nothing() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for method in ["OPTIONS", "TRACE", "PROPFIND", "QUERY", "PURGE"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = client.request(method.clone(), &user.tasks()).token(&user.token).send_to_gateway().await;
        assert!(answer.status < 500 || answer.status == 501, "{method}: {}", answer.status);
        assert!(!answer.shown().contains("\"due_date\":"), "{method} reads tasks: {}", answer.shown());
    }
}

#[tokio::test]
async fn a_trailing_slash_leads_to_the_path_without() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let task = client.create_titled(user, "for slashes").await;
    let (tasks, one, complete) = (user.tasks(), user.task(&task["id"]), user.complete(&task["id"]));
    let query = "?q=a%20b&q=%C3%A4&limit=1";
    for (method, path) in [
        (Method::GET, &tasks),
        (Method::POST, &tasks),
        (Method::GET, &one),
        (Method::PUT, &one),
        (Method::DELETE, &one),
        (Method::PATCH, &complete),
        (Method::GET, &"/api/auth/me".to_owned()),
        (Method::POST, &"/api/auth/login".to_owned()),
    ] {
        for (slashes, query) in [("/", ""), ("/", query), ("//", "")] {
            let call = client.request(method.clone(), &format!("{path}{slashes}{query}")).token(&user.token);
            let answer = call.send_to_gateway().await;
            if gateway().answers_unknown_routes_as_problems() {
                answer.expect(307).check_headers();
                assert_eq!(answer.header("location"), Some(format!("{path}{query}").as_str()));
            } else {
                answer.expect_one_of(&[200, 307, 404, 405]);
            }
        }
    }
    assert_eq!(client.fetch(user, &task["id"]).await.json(), task, "a redirect does nothing");
    if gateway().answers_unknown_routes_as_problems() {
        for path in ["/api/nothing/", "/nothing/", "//", &format!("{one}/undo/")] {
            assert_problem(&client.get(path).token(&user.token).send_to_gateway().await, 404, "route_not_found");
        }
        // The Better Auth client's server knows no such path, and says so without a word.
        let answer = client.get("/api/auth/get-session/").send_to_gateway().await;
        assert!(answer.expect(404).body.is_empty(), "{}", answer.shown());
    }
}

#[tokio::test]
async fn headers_beyond_what_the_gateway_passes_are_told() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let with = |bytes: usize| client.get(&user.tasks()).token(&user.token).header("x-long", &"x".repeat(bytes));
    with(8_000).send().await.expect(200);
    let answer = with(10_240).send_to_gateway().await;
    if gateway() == Gateway::Local {
        assert_problem(&answer, 431, "headers_too_large");
    } else {
        answer.expect_one_of(&[200, 400, 431]);
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_security_headers() {
    let client = Client::new();
    let (user, other) = shared_pair(&client).await;
    let session = client.log_in(user).await;
    let task = client.create(user, json!({"title": "for headers"})).await;
    let id = task.json()["id"].clone();
    let mut answers = vec![task, client.fetch(user, &id).await, client.update(user, &id, &json!({"title": "x"})).await];
    for call in [
        client.sign_up_call(&json!({"email": unique_email(), "password": PASSWORD})),
        client.sign_up_call(&json!({"email": user.email, "password": PASSWORD})),
        client.sign_up_call(&json!({})),
        client.log_in_call(&user.email, PASSWORD),
        client.log_in_call(&user.email, "not the password"),
        client.get("/api/auth/me").token(&user.token),
        client.get("/api/auth/me"),
        client.get(&user.tasks()).token(&user.token),
        client.get(&user.tasks()),
        client.get(&other.tasks()).token(&user.token),
        client.get(&user.task(&json!(1))).token(&user.token),
        client.post(&user.tasks()).token(&user.token).text("application/json", "{"),
        client.post(&user.tasks()).token(&user.token).text("application/json", " ".repeat(70_000)),
        client.post(&user.tasks()).token(&user.token).text("text/plain", "{}"),
        client.put(&user.task(&id)).token(&user.token).header("if-match", "\"stale\"").json(&json!({})),
        client.patch(&user.complete(&id)).token(&user.token),
        client.delete(&user.task(&id)).token(&user.token),
        client.post("/api/auth/logout").token(&session.token),
    ] {
        answers.push(call.send().await);
    }
    let mut statuses = BTreeSet::new();
    for answer in &answers {
        answer.check_headers();
        statuses.insert(answer.status);
    }
    let all = [200, 201, 400, 401, 403, 404, 412, 413, 415, 422];
    assert_eq!(statuses, BTreeSet::from(all), "an answer of each kind");
}

#[tokio::test]
async fn every_problem_names_its_own_request() {
    let client = Client::new();
    let mut seen = BTreeSet::new();
    for _ in 0..5 {
        let problem = assert_problem(&client.get("/api/auth/me").send().await, 401, "not_authenticated");
        seen.insert(problem["request_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), if gateway().tells_requests_apart() { 5 } else { 1 }, "{seen:?}");
}
