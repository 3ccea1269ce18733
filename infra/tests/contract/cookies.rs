//! Cookies beside other credentials, beside each other, and of other owners.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::*;

const ME: &str = "/api/auth/me";

/// What a browser or a client with a jar sends along for others.
const FOREIGN: [&str; 4] =
    ["_ga=1", "__cf_bm=x; theme=dark", "better-auth.session_token=nonsense", "session=; better-auth.session_token="];

/// Every route of the plain dialect that changes something for a caller, with a body that would succeed.
async fn changes(client: &Client, caller: &User) -> Vec<(Method, String, Option<Value>)> {
    let task = client.create_titled(caller, "to be changed").await;
    let mut routes = task_routes(&caller.id, &task["id"].to_string());
    routes.retain(|(method, ..)| *method != Method::GET);
    routes.push((Method::POST, "/api/auth/logout".to_owned(), None));
    routes
}

#[tokio::test]
async fn beside_a_bearer_token_that_verifies_a_cookie_proves_nothing() {
    let client = Client::new();
    let owner = client.sign_up().await;
    let live = Session::open(&client).await.cookie;
    for cookie in FOREIGN.into_iter().chain([live.as_str()]) {
        for origin in [None, Some("https://untrusted.example")] {
            let caller = client.log_in(&owner).await;
            for route in changes(&client, &caller).await {
                let call = client.route(route).token(&caller.token).header("cookie", cookie);
                let call = origin.into_iter().fold(call, |call, origin| call.header("origin", origin));
                call.send().await.expect_one_of(&[200, 201]);
            }
        }
    }
    client.get(ME).header("cookie", &live).send().await.expect(200);
}

#[tokio::test]
async fn signing_up_and_logging_in_take_no_cookie_and_set_none() {
    let client = Client::new();
    let live = Session::open(&client).await.cookie;
    for cookie in FOREIGN.into_iter().chain([live.as_str()]) {
        for origin in [None, Some("https://untrusted.example"), Some("null")] {
            let call = |path: &str, email: &str| {
                let call = client.post(path).header("cookie", cookie);
                let call = origin.into_iter().fold(call, |call, origin| call.header("origin", origin));
                call.json(&json!({"email": email, "password": PASSWORD}))
            };
            let email = unique_email();
            for (path, status) in [("/api/auth/signup", 201), ("/api/auth/login", 200)] {
                let answer = call(path, &email).send().await;
                answer.expect(status);
                assert!(!answer.headers.contains_key("set-cookie"), "{path}: {:?}", answer.headers);
            }
        }
    }
    client.get(ME).header("cookie", &live).send().await.expect(200);
}

#[tokio::test]
async fn a_bearer_token_that_does_not_verify_does_not_switch_the_check_of_the_page_off() {
    let client = Client::new();
    let session = Session::open(&client).await;
    let mut forged = session.user.token.clone();
    forged.truncate(forged.len() - 4);
    for bearer in ["nonsense", "a.b.c", &forged] {
        for route in changes(&client, &session.user).await {
            let call = || client.route(route.clone()).token(bearer).header("cookie", &session.cookie);
            for origin in [None, Some("https://untrusted.example"), Some("null")] {
                let call = origin.into_iter().fold(call(), |call, origin| call.header("origin", origin));
                assert_problem(&call.send().await, 403, "untrusted_origin");
            }
            // A trusted page may ask, and its bearer token goes before the cookie.
            let answer = call().header("origin", &trusted_origin()).send().await;
            assert_problem(&answer, 401, "not_authenticated");
            // Without a cookie of ours there is nothing to forge.
            let answer = client.route(route).token(bearer).header("cookie", "_ga=1").send().await;
            assert_problem(&answer, 401, "not_authenticated");
        }
    }
    client.get(ME).header("cookie", &session.cookie).send().await.expect(200);
}

/// Whether the cookies of a request say who is calling: in the plain dialect, and in the other one on a route that only reads and
/// on one that changes something.
async fn assert_signed_in(client: &Client, session: &Session, cookies: &[u8]) {
    let shown = String::from_utf8_lossy(cookies);
    let me = client.get(ME).header_bytes("cookie", cookies).send().await;
    assert_eq!(me.expect(200).json()["id"], json!(session.user.id), "{shown}");
    let create = client.post(&session.user.tasks()).header_bytes("cookie", cookies).header("origin", &trusted_origin());
    create.json(&json!({"title": "by one of several cookies"})).send().await.expect(201);

    let current = client.get("/api/auth/get-session").header_bytes("cookie", cookies).send().await;
    assert_eq!(current.expect(200).json()["user"]["id"], json!(session.user.id), "{shown}");
    let update =
        client.post("/api/auth/update-user").header_bytes("cookie", cookies).header("origin", &trusted_origin());
    let updated = update.json(&json!({"name": "Ada"})).send().await;
    assert_eq!(updated.expect(200).json(), json!({"status": true}), "{shown}");
}

#[tokio::test]
async fn of_several_cookies_of_the_sessions_name_the_first_that_verifies_counts() {
    let client = Client::new();
    let session = Session::open(&client).await;
    let live = &session.cookie;
    let (name, token) = live.split_once('=').unwrap();
    for cookies in [
        format!("{name}=dead; {live}"),
        format!("{name}=; {live}"),
        format!("{name}=%FF%00; {live}"),
        format!("{name}=\"dead\"; {name}=\"{token}\""),
        format!("{live}; {name}=dead"),
        format!("{name}; {live}"),
        format!("a=1;{name}={};{live};b", "x".repeat(2000)),
        // One byte of it changed.
        format!("{name}=B{}; {live}", &token[1..]),
    ] {
        assert_signed_in(&client, &session, cookies.as_bytes()).await;
    }
    let other = Session::open(&client).await;
    let both = format!("{}; {live}", other.cookie);
    assert_eq!(
        client.get(ME).header("cookie", &both).send().await.expect(200).json()["id"],
        json!(other.user.id),
        "the first of two that verify"
    );
    // Signing out is of that one, also behind a dead twin.
    let sign_out = client.post("/api/auth/sign-out").header("cookie", &format!("{name}=dead; {live}"));
    let answer = sign_out.header("origin", &trusted_origin()).json(&json!({})).send().await;
    assert_eq!(answer.expect(200).json(), json!({"success": true}));
    assert_problem(&client.get(ME).header("cookie", live).send().await, 401, "not_authenticated");
}

#[tokio::test]
async fn bytes_in_the_cookies_of_others_do_not_matter() {
    let client = Client::new();
    let session = Session::open(&client).await;
    for other in ["name=J\u{fc}rgen".as_bytes(), b"name=J\xfcrgen", b"\xff\xfe=\x80", "\u{1f36a}=\u{1f36a}".as_bytes()]
    {
        let live = session.cookie.as_bytes();
        for cookies in [[other, b"; ", live].concat(), [live, b"; ", other].concat()] {
            if gateway().hands_over_any_bytes() {
                assert_signed_in(&client, &session, &cookies).await;
            } else {
                // Whatever the gateway makes of it, nobody else is signed in.
                let answer = client.get(ME).header_bytes("cookie", &cookies).send_to_gateway().await;
                assert!(answer.status >= 400 || answer.json()["id"] == json!(session.user.id), "{}", answer.shown());
            }
        }
    }
}

#[tokio::test]
async fn a_session_keeps_what_can_be_read_of_the_user_agent() {
    let client = Client::new();
    let user = client.sign_up().await;
    for (sent, kept) in [
        ("Mozilla/5.0 [FBCR/T\u{fc}rk Telekom]".as_bytes(), "Mozilla/5.0 [FBCR/T\u{fc}rk Telekom]"),
        (b"Mozilla/5.0 [FBCR/T\xfcrk Telekom]", "Mozilla/5.0 [FBCR/T\u{fffd}rk Telekom]"),
    ] {
        let sign_in = client.post("/api/auth/sign-in/email").header("origin", &trusted_origin());
        let sign_in =
            sign_in.header_bytes("user-agent", sent).json(&json!({"email": user.email, "password": PASSWORD}));
        let signed_in = sign_in.send_to_gateway().await;
        if !gateway().hands_over_any_bytes() && signed_in.status >= 400 {
            continue;
        }
        let cookie = session_cookie(signed_in.expect(200)).unwrap();
        let current = client.get("/api/auth/get-session").header("cookie", &cookie).send().await;
        let user_agent = current.expect(200).json()["session"]["userAgent"].clone();
        if gateway().hands_over_any_bytes() {
            assert_eq!(user_agent, json!(kept));
        } else {
            assert!(user_agent.as_str().is_some_and(|text| text.starts_with("Mozilla/5.0 [FBCR/T")), "{user_agent}");
        }
    }
}
