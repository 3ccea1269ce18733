//! Too many requests: who is refused, who is not, and that what is refused does nothing.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use infra::demo;
use serde_json::{Value, json};
use shared::{App, http::Dialect};

use crate::{
    case::{Given, in_parallel, successes},
    event::{event, function_of, with_bearer, with_cookie, with_fields, with_header, without_cookies},
    recorder::Fault,
    world::{Answer, World, answer, endpoint, limited},
};

const HOUR: i64 = 60 * 60;
/// How often a password may be tried for an account from devices that it does not know, in an hour.
const GUESSES: usize = 20;

/// The event as it comes from another address.
fn from(mut event: Value, address: &str) -> Value {
    event["requestContext"]["http"]["sourceIp"] = json!(address);
    event
}

fn address(number: u32) -> String {
    Ipv4Addr::from_bits(0x0a00_0000 + number).to_string()
}

fn login(address: &str, password: &str) -> Value {
    from(with_fields(event("auth-login/logged-in"), &json!({"password": password})), address)
}

fn sign_in(address: &str, password: &str) -> Value {
    from(with_fields(event("auth-sign-in-email/signed-in"), &json!({"password": password})), address)
}

async fn log_in(app: &App, address: &str) -> u16 {
    answer(app, "auth-login", login(address, "a wrong password")).await.status
}

/// The cookie by which an account knows the device that this answer went to.
fn device_cookie(answer: &Answer) -> String {
    let cookie = answer.cookies.iter().find(|cookie| cookie.contains("known_device="));
    cookie.unwrap_or_else(|| panic!("{:?}", answer.cookies)).split(';').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_addresses_guess_twenty_times_and_lock_nobody_out_who_was_there_before() {
    let world = World::new().await;
    let mut app = limited(world.app.clone());
    let compared = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&compared);
    app.passwords = app.passwords.watched(move |begins| {
        counter.fetch_add(usize::from(begins), Ordering::Relaxed);
    });
    let before = answer(&app, "auth-sign-in-email", sign_in("203.0.113.1", demo::PASSWORD)).await;
    assert_eq!(before.status, 200, "{}", before.text);
    let known = device_cookie(&before);
    let session = before.text_at("/token").to_owned();
    let access_token = answer(&app, "auth-login", with_cookie(login("203.0.113.1", demo::PASSWORD), &known)).await;
    let access_token = access_token.text_at("/access_token").to_owned();
    // What the account has spent on its own sign-in from a device that it did not know.
    world.pass(HOUR);
    compared.store(0, Ordering::Relaxed);

    let mut statuses = Vec::new();
    for chunk in (0..1000_u32).collect::<Vec<_>>().chunks(8) {
        let guesses = chunk.iter().map(|number| {
            let (app, number) = (app.clone(), *number);
            // In both dialects, which are one account's.
            async move {
                let guess = |event: fn(&str, &str) -> Value| event(&address(number), &format!("wrong guess {number}"));
                let answer = if number.is_multiple_of(2) {
                    answer(&app, "auth-login", guess(login)).await
                } else {
                    answer(&app, "auth-sign-in-email", guess(sign_in)).await
                };
                assert!([401, 429].contains(&answer.status), "{}", answer.text);
                answer.status
            }
        });
        statuses.extend(in_parallel(guesses).await);
    }
    let of_status = |status: u16| statuses.iter().filter(|other| **other == status).count();
    assert_eq!((of_status(401), of_status(429)), (GUESSES, 1000 - GUESSES));
    assert_eq!(compared.load(Ordering::Relaxed), GUESSES, "passwords were compared");

    // Whether the password is right stays unsaid.
    let right = answer(&app, "auth-login", login(&address(1000), demo::PASSWORD)).await;
    let wrong = answer(&app, "auth-login", login(&address(1001), "a wrong password")).await;
    assert_eq!((right.status, &right.text, &right.headers), (429, &wrong.text, &wrong.headers));

    // The owner goes on: with the session, on the known device from anywhere, and with an access token instead of its cookie.
    let current =
        answer(&app, "auth-get-session", with_bearer(without_cookies(event("auth-get-session/session")), &session))
            .await;
    assert_eq!(current.text_at("/user/email"), demo::EMAIL);
    let on_known =
        answer(&app, "auth-sign-in-email", with_cookie(sign_in(&address(1002), demo::PASSWORD), &known)).await;
    assert_eq!(on_known.status, 200, "{}", on_known.text);
    let by_token = answer(&app, "auth-login", with_bearer(login(&address(1003), demo::PASSWORD), &access_token)).await;
    assert_eq!(by_token.status, 200, "{}", by_token.text);

    // And on a new one after the hour.
    world.pass(HOUR - 1);
    assert_eq!(answer(&app, "auth-login", login(&address(1004), demo::PASSWORD)).await.status, 429);
    world.pass(1);
    assert_eq!(answer(&app, "auth-login", login(&address(1005), demo::PASSWORD)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_device_has_a_count_of_its_own_and_no_more() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    let known = device_cookie(&answer(&app, "auth-sign-in-email", sign_in("203.0.113.1", demo::PASSWORD)).await);
    world.pass(HOUR);
    // Others at the same address.
    for _ in 0..4 {
        log_in(&app, "203.0.113.1").await;
    }
    assert_eq!(log_in(&app, "203.0.113.1").await, 429);
    let mut wrong = 0;
    for number in 0..30_u32 {
        let guess = with_cookie(login(&address(number), "a wrong password"), &known);
        wrong += usize::from(answer(&app, "auth-login", guess).await.status == 401);
        world.pass(10);
    }
    assert_eq!(wrong, GUESSES, "tries with the cookie of a known device, from 30 addresses");
    // It is of one account.
    let other = with_fields(login("203.0.113.9", "a wrong password"), &json!({"email": "ann@example.com"}));
    for status in [401, 401, 401, 429] {
        assert_eq!(answer(&app, "auth-login", with_cookie(other.clone(), &known)).await.status, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_set_a_new_password_by_mail_signs_in_there_whatever_is_tried_elsewhere() {
    let world = World::new().await;
    Given::OlderHash.arrange(&world).await;
    let app = limited(world.app.clone());
    for number in 0..GUESSES {
        assert_eq!(log_in(&app, &address(u32::try_from(number).unwrap())).await, 401);
    }
    let reset = answer(&app, "auth-reset-password", event("auth-reset-password/reset")).await;
    assert_eq!(reset.status, 200, "{}", reset.text);
    let body: Value = serde_json::from_str(event("auth-reset-password/reset")["body"].as_str().unwrap()).unwrap();
    let password = body["newPassword"].as_str().unwrap();
    assert_eq!(answer(&app, "auth-sign-in-email", sign_in("203.0.113.1", password)).await.status, 429);
    let there = with_cookie(sign_in("203.0.113.1", password), &device_cookie(&reset));
    assert_eq!(answer(&app, "auth-sign-in-email", there).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_refused_until_its_window_is_over_in_the_form_of_each_dialect() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    for _ in 0..3 {
        assert_eq!(log_in(&app, "203.0.113.1").await, 401);
    }
    let refused = answer(&app, "auth-login", login("203.0.113.1", demo::PASSWORD)).await;
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(
        refused.json,
        json!({
            "type": "about:blank",
            "title": "Too Many Requests",
            "status": 429,
            "detail": "Too many requests; try again in 10 seconds.",
            "code": "rate_limited",
            "request_id": "JKJaXmPLvHcESHA=",
        })
    );
    world.pass(9);
    let better_auth = answer(&app, "auth-sign-in-email", sign_in("203.0.113.1", demo::PASSWORD)).await;
    assert_eq!(better_auth.header("content-type"), Some("application/json"));
    assert_eq!(better_auth.text, r#"{"message":"Too many requests. Please try again later."}"#);
    for (answer, seconds) in [(&refused, "10"), (&better_auth, "1")] {
        assert_eq!(answer.status, 429);
        assert_eq!([answer.header("retry-after"), answer.header("x-retry-after")], [Some(seconds); 2]);
        assert!(answer.cookies.is_empty());
    }
    world.pass(1);
    assert_eq!(answer(&app, "auth-login", login("203.0.113.1", demo::PASSWORD)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_of_both_dialects_refuses_in_the_one_that_is_spoken() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    let reset = async |name| answer(&app, "auth-reset-password", from(event(name), "203.0.113.1")).await;
    for _ in 0..3 {
        reset("auth-reset-password/code").await;
    }
    let by_code = reset("auth-reset-password/code").await;
    assert_eq!((by_code.status, by_code.code()), (429, "rate_limited"), "{}", by_code.text);
    assert_eq!(by_code.header("content-type"), Some("application/problem+json"));
    let by_token = reset("auth-reset-password/reset").await;
    assert_eq!(by_token.text, r#"{"message":"Too many requests. Please try again later."}"#);
    assert_eq!([by_code, by_token].map(|answer| answer.header("retry-after").is_some()), [true; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_simultaneous_requests_exactly_as_many_are_allowed_as_the_rule_says() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    for (number, waits) in [(1, 0), (2, 0), (2, 10), (1, 20)] {
        world.pass(waits);
        let resets = (0..30).map(|_| {
            let (app, reset) = (app.clone(), from(event("auth-reset-password/guessed"), &address(number)));
            async move { answer(&app, "auth-reset-password", reset).await.status }
        });
        let statuses = in_parallel(resets).await;
        let allowed = statuses.iter().filter(|status| **status == 400).count();
        assert_eq!(allowed, 3, "{statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ipv6_network_of_64_bits_is_one_client_and_so_is_an_ipv4_address_in_either_form() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    for [first, second, third, fourth, other] in [
        ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::", "2001:DB8:1:2:0:0:0:9", "2001:db8:1:3::1"],
        ["203.0.113.7", "::ffff:203.0.113.7", "::ffff:cb00:7107", "203.0.113.7", "203.0.113.8"],
    ] {
        for (address, status) in [(first, 401), (second, 401), (third, 401), (fourth, 429), (other, 401)] {
            assert_eq!(log_in(&app, address).await, status, "{address}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_alone_does_not_use_up_what_an_account_has() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    for _ in 0..100 {
        log_in(&app, "203.0.113.1").await;
    }
    let others = (0..20).map(|number| answer(&app, "auth-login", login(&address(number), "a wrong password")));
    let mut statuses = Vec::new();
    for other in others {
        statuses.push(other.await.status);
    }
    // Three of the hundred were tries.
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), GUESSES - 3, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_client_can_write_makes_it_another() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    for _ in 0..4 {
        log_in(&app, "203.0.113.1").await;
    }
    let guess = || login("203.0.113.1", "a wrong password");
    for name in ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "cf-connecting-ip", "x-viewer-address"]
    {
        let spoofed = with_header(guess(), name, "198.51.100.1");
        assert_eq!(answer(&app, "auth-login", spoofed).await.status, 429, "{name}");
    }
    let spoofed = with_header(with_header(guess(), "x-viewer-address", "198.51.100.1"), "x-origin-secret", "guessed");
    assert_eq!(answer(&app, "auth-login", spoofed).await.status, 429);
    let forged = ["x".repeat(70), crate::tokens::demo(), crate::tokens::forged()];
    for token in forged {
        let device = with_cookie(guess(), &format!("__Secure-better-auth.known_device={token}"));
        assert_eq!(answer(&app, "auth-login", device).await.status, 429, "a device {token}");
        assert_eq!(answer(&app, "auth-login", with_bearer(guess(), &token)).await.status, 429, "a bearer {token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_the_distribution_a_client_is_the_viewer() {
    const SECRET: &str = "what-only-the-distribution-and-we-know-0123";
    let world = World::new().await;
    let app = limited(world.app_with(&[("ORIGIN_SECRET", SECRET)]).await);
    let guess = |viewer: &str| {
        let proven = with_header(login("64.252.64.1", "a wrong password"), "x-origin-secret", SECRET);
        with_header(proven, "x-viewer-address", viewer)
    };
    for (viewer, status) in [("198.51.100.1", 401), ("198.51.100.1", 401), ("198.51.100.1", 401), ("198.51.100.1", 429)]
    {
        assert_eq!(answer(&app, "auth-login", guess(viewer)).await.status, status);
    }
    assert_eq!(answer(&app, "auth-login", guess("198.51.100.2")).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn a_session_is_counted_by_itself_whatever_comes_from_its_address() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    let verify = || event("auth-verify-password/right");
    // Who has none asks nothing of the store, and is not counted.
    for _ in 0..4 {
        assert_eq!(answer(&app, "auth-verify-password", without_cookies(verify())).await.status, 401);
    }
    assert!(world.rows("Limits").await.is_empty());
    let wrong = with_fields(verify(), &json!({"password": "a wrong password"}));
    for status in [400, 400, 400, 429] {
        assert_eq!(answer(&app, "auth-verify-password", wrong.clone()).await.status, status);
    }
    // Slowly, a password is tried as often as anywhere.
    let mut tried = 3;
    for _ in 0..30 {
        world.pass(10);
        tried += usize::from(answer(&app, "auth-verify-password", wrong.clone()).await.status == 400);
    }
    assert_eq!(tried, GUESSES);
    assert_eq!(answer(&app, "auth-change-password", event("auth-change-password/changed")).await.status, 429);
    assert_eq!(answer(&app, "auth-get-session", event("auth-get-session/session")).await.status, 200);
}

/// What is answered to who asks a function for a mail from twelve addresses.
async fn asked_from_everywhere(app: &App, function: &str) -> Vec<u16> {
    let mut asked = Vec::new();
    for number in 0..12 {
        let request = from(event(&format!("{function}/asked")), &address(number));
        asked.push(answer(app, function, request).await.status);
    }
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_ten_mails_in_an_hour_whoever_asks() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    let asked = asked_from_everywhere(&app, "auth-request-password-reset").await;
    assert_eq!(asked.iter().filter(|status| **status == 200).count(), 10, "{asked:?}");
    assert_eq!(world.rows("Outbox").await.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_of_one_kind_are_asked_for_in_vain_and_those_of_another_still_come() {
    let world = World::new().await;
    let app = limited(world.app.clone());
    // Somebody asks again and again for what the owner of the address does not need.
    let asked = asked_from_everywhere(&app, "auth-send-verification-email").await;
    assert_eq!(asked.iter().filter(|status| **status == 429).count(), 2, "{asked:?}");
    // Who has forgotten the password is not kept from setting another.
    let request = from(event("auth-request-password-reset/asked"), &address(20));
    assert_eq!(answer(&app, "auth-request-password-reset", request).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn a_request_that_is_refused_has_changed_nothing_and_compared_no_password() {
    let requests = successes().into_iter().filter(|(name, _)| endpoint(function_of(name)).limit.is_some());
    let requests = requests.map(|(name, given)| async move {
        let world = World::new().await;
        given.arrange(&world).await;
        let app = limited(world.app.clone());
        world.recorder.watch_hashes();
        // What counts the request does not answer, until everything else has been done that does not wait for it.
        world.recorder.hold_counts();
        world.recorder.take();
        let answered = answer(&app, function_of(&name), event(&name));
        tokio::select! {
            // Who has no session has nothing asked of the store.
            _ = answered => assert_eq!(world.recorder.take().len(), 0, "{name} is answered before it is counted"),
            () = world.recorder.rest() => {}
        }
        let calls = world.recorder.take();
        for call in calls {
            assert!(call.write_units == 0.0, "{name} writes before it is counted: {call:?}");
        }
        // The hash of a new password tells nobody anything.
        let sets_one = ["auth-signup", "auth-sign-up-email", "auth-reset-password"].contains(&function_of(&name));
        assert!(!world.recorder.has_hashed() || sets_one, "{name} compares a password before it is counted");
    });
    in_parallel(requests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_table_nothing_is_counted_and_everything_is_answered() {
    let requests = successes().into_iter().map(|(name, given)| async move {
        let world = World::new().await;
        given.arrange(&world).await;
        world.store.delete_table().table_name("Limits").send().await.unwrap();
        let answer = answer(&limited(world.app.clone()), function_of(&name), event(&name)).await;
        assert!(answer.status < 400, "{name}: {}", answer.text);
    });
    in_parallel(requests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_limits_that_does_not_answer_delays_a_request_by_a_second() {
    let world = World::new().await;
    let app = limited(world.app_with_its_own_timeouts().await);
    world.recorder.fail(Fault::Silence, 0..2);
    let begun = std::time::Instant::now();
    let answer = answer(&app, "auth-login", event("auth-login/logged-in")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(begun.elapsed() >= Duration::from_secs(1), "the silent calls were not those that count");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_counted_unless_it_is_asked_for() {
    let world = World::new().await;
    for _ in 0..5 {
        let answer = world.send("auth-sign-in-email/signed-in").await;
        assert_eq!((answer.status, answer.cookies.len()), (200, 1));
    }
    assert!(world.rows("Limits").await.is_empty());
}

#[test]
fn every_route_that_takes_no_session_and_asks_the_store_has_a_limit() {
    for (name, _) in successes() {
        let endpoint = endpoint(function_of(&name));
        let is_static =
            endpoint.name.starts_with("api-") || ["auth-error", "auth-jwks", "auth-ok"].contains(&endpoint.name);
        let takes_a_session =
            endpoint.dialect == Dialect::Plain && ["auth-me", "auth-logout", "auth-export"].contains(&endpoint.name);
        let ends_one = endpoint.name == "auth-sign-out";
        let is_free = is_static || takes_a_session || ends_one || endpoint.name.starts_with("tasks-");
        assert_eq!(endpoint.limit.is_none(), is_free, "{}", endpoint.name);
    }
}
