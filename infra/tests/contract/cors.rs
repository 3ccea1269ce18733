//! CORS: only the configured origins, with credentials.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::harness::*;

const UNTRUSTED: [&str; 7] = [
    "https://untrusted.example",
    "null",
    "http://localhost",
    "http://localhost:30001",
    "http://localhost:3000.untrusted.example",
    "http://untrusted.example/http://localhost:3000",
    "https://sub.localhost:3000",
];

const EXPOSED: [&str; 7] =
    ["link", "location", "etag", "idempotency-replayed", "set-auth-token", "set-auth-jwt", "x-retry-after"];

/// Every method and header that a browser client of this API needs leave for.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
const HEADERS: [&str; 5] = ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key"];

fn preflight(client: &Client, path: &str, origin: &str, method: &str) -> Call {
    client
        .request(Method::OPTIONS, path)
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", &HEADERS.join(","))
}

/// Whether an answer lets scripts of this origin read it.
fn opens_to(answer: &Answer, origin: &str) -> bool {
    answer.header("access-control-allow-origin").is_some_and(|allowed| allowed == origin || allowed == "*")
}

#[track_caller]
fn assert_shared_with(answer: &Answer, origin: &str) {
    assert!(opens_to(answer, origin), "{:?}", answer.headers);
    if gateway().keeps_to_the_trusted_origins() {
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    }
}

#[tokio::test]
async fn a_preflight_of_a_trusted_origin_is_granted() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let origin = trusted_origin();
    for (path, method) in [
        ("/api/auth/signup".to_owned(), "POST"),
        ("/api/auth/me".to_owned(), "GET"),
        (user.tasks(), "POST"),
        (user.task(&json!(1)), "PUT"),
        (user.task(&json!(1)), "DELETE"),
        (user.complete(&json!(1)), "PATCH"),
    ] {
        let answer = preflight(&client, &path, &origin, method).send_to_gateway().await;
        assert_shared_with(&answer, &origin);
        assert!(answer.body.is_empty(), "{}", answer.shown());
        let methods = answer.header_items("access-control-allow-methods");
        let headers = answer.header_items("access-control-allow-headers");
        if gateway().keeps_to_the_trusted_origins() {
            answer.expect(gateway().status_of_a_preflight());
            for wanted in METHODS {
                assert!(methods.contains(wanted), "{path}: {methods:?}");
            }
            for wanted in HEADERS {
                assert!(headers.contains(wanted), "{path}: {headers:?}");
            }
        } else {
            answer.expect_one_of(&[200, 204]);
            assert!(methods.contains("*") || methods.contains(&method.to_lowercase()), "{path}: {methods:?}");
            assert!(headers.contains("*") || HEADERS.iter().all(|wanted| headers.contains(*wanted)), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn a_preflight_of_any_other_origin_is_not_granted() {
    let client = Client::new();
    let path = shared_user(&client).await.tasks();
    for origin in UNTRUSTED {
        let answer = preflight(&client, &path, origin, "POST").send_to_gateway().await;
        assert!(answer.status < 500, "{}", answer.status);
        assert_eq!(
            opens_to(&answer, origin),
            !gateway().keeps_to_the_trusted_origins(),
            "{origin}: {:?}",
            answer.headers
        );
    }
}

#[tokio::test]
async fn answers_are_readable_for_a_trusted_origin_also_when_they_are_errors() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let origin = trusted_origin();
    for (call, status) in [
        (client.post(&user.tasks()).token(&user.token).json(&json!({"title": "from a browser"})), 201),
        (client.get(&user.tasks()).token(&user.token), 200),
        (client.get(&user.tasks()), 401),
        (client.get("/api/someone/tasks").token(&user.token), 403),
        (client.get(&user.task(&json!(1))).token(&user.token), 404),
        (client.post(&user.tasks()).token(&user.token).json(&json!({})), 422),
        (client.log_in_call(&user.email, "not the password"), 401),
    ] {
        let answer = call.header("origin", &origin).send().await;
        answer.expect(status);
        assert_shared_with(&answer, &origin);
        let exposed = answer.header_items("access-control-expose-headers");
        if gateway().exposes_headers() {
            let missing: BTreeSet<&str> = EXPOSED.into_iter().filter(|name| !exposed.contains(*name)).collect();
            assert!(missing.is_empty(), "not exposed: {missing:?}");
        }
    }
}

#[tokio::test]
async fn answers_are_not_readable_for_any_other_origin() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for origin in UNTRUSTED {
        let answer = client.get(&user.tasks()).token(&user.token).header("origin", origin).send().await;
        answer.expect(200);
        assert_eq!(opens_to(&answer, origin), !gateway().keeps_to_the_trusted_origins(), "{origin}");
    }
}

#[tokio::test]
async fn no_answer_combines_the_wildcard_with_credentials() {
    // A browser refuses the two together: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    let client = Client::new();
    let user = shared_user(&client).await;
    for origin in [trusted_origin().as_str(), "https://untrusted.example"] {
        let answer = client.get(&user.tasks()).token(&user.token).header("origin", origin).send().await;
        let allowed = (answer.header("access-control-allow-origin"), answer.header("access-control-allow-credentials"));
        assert_ne!(allowed, (Some("*"), Some("true")));
    }
}

#[tokio::test]
async fn a_bearer_token_writes_from_any_origin() {
    // No browser adds it by itself, so there is nothing to forge; only cookies need a trusted origin.
    let client = Client::new();
    let user = shared_user(&client).await;
    for origin in ["https://untrusted.example", "null"] {
        let call = client.post(&user.tasks()).token(&user.token).header("origin", origin);
        call.json(&json!({"title": "from a script"})).send().await.expect(201);
    }
}
