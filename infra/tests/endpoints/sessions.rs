//! Sessions as browsers have them: how they slide and end, what happens to them at the same time, and who tries to steal them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use infra::demo;
use serde_json::{Value, json};

use crate::{
    case::{Cookies, DAY, Given, demo_session, demo_user},
    credentials::claims,
    event::{event, with_bearer, with_body, with_cookie, with_query, with_session_cookie, without_cookies},
    promises::{MANY, count, many, many_times},
    world::{Answer, World},
};

/// Signs the demo account in and gives the token of the session.
async fn sign_in(world: &World) -> String {
    world.send("auth-sign-in-email/signed-in").await.text_at("/token").to_owned()
}

/// The answer to an event of `events/` with another session cookie.
async fn send(world: &World, name: &str, token: &str) -> Answer {
    world.send_event(crate::event::function_of(name), with_session_cookie(event(name), token)).await
}

async fn get_session(world: &World, token: &str) -> Answer {
    send(world, "auth-get-session/session", token).await
}

async fn is_alive(world: &World, token: &str) -> bool {
    get_session(world, token).await.json.is_object()
}

fn assert_cookies(answer: &Answer, cookies: Cookies) {
    assert_eq!(cookies.complaint(answer), None, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_extended_at_most_once_a_day_and_keeps_its_token() {
    let world = World::new().await;
    let token = sign_in(&world).await;
    let mut expected_end = "2030-01-08T00:00:00.000Z";
    for (seconds, end) in [(DAY - 1, None), (1, Some("2030-01-09T00:00:00.000Z")), (0, None), (DAY - 1, None)]
        .into_iter()
        .chain([(1, Some("2030-01-10T00:00:00.000Z")), (6 * DAY, Some("2030-01-16T00:00:00.000Z"))])
    {
        world.pass(seconds);
        let answer = get_session(&world, &token).await;
        assert_cookies(&answer, if end.is_some() { Cookies::HandedOver } else { Cookies::Untouched });
        expected_end = end.unwrap_or(expected_end);
        assert_eq!(answer.text_at("/session/expiresAt"), expected_end);
        assert_eq!(answer.text_at("/session/createdAt"), "2030-01-01T00:00:00.000Z");
        assert_eq!(answer.text_at("/session/token"), token);
    }
    world.pass(7 * DAY - 1);
    assert!(
        world
            .send_event(
                "auth-get-session",
                with_query(with_session_cookie(event("auth-get-session/session"), &token), "disableRefresh=0")
            )
            .await
            .json
            .is_object()
    );
    world.pass(1);
    assert_cookies(&get_session(&world, &token).await, Cookies::Cleared);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_not_to_be_remembered_lives_for_a_day_however_its_token_comes() {
    let world = World::new().await;
    let token = world.send("auth-sign-in-email/not-remembered").await.text_at("/token").to_owned();
    world.pass(DAY - 1);
    for event in [
        with_session_cookie(event("auth-get-session/session"), &token),
        with_bearer(event("auth-get-session/bearer"), &token),
    ] {
        let answer = world.send_event("auth-get-session", event).await;
        assert_eq!(answer.text_at("/session/expiresAt"), "2030-01-02T00:00:00.000Z");
        assert_cookies(&answer, Cookies::Untouched);
    }
    // What gives the cookie again does not make it one to keep.
    assert_cookies(&send(&world, "auth-update-user/updated", &token).await, Cookies::HandedOverForNow);
    world.pass(1);
    assert_cookies(&get_session(&world, &token).await, Cookies::Cleared);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_fresh_for_a_day_from_its_beginning() {
    let world = World::new().await;
    let token = sign_in(&world).await;
    world.pass(DAY - 1);
    assert_eq!(send(&world, "auth-list-sessions/sessions", &token).await.status, 200);
    world.pass(1);
    // Extending it makes it no fresher.
    assert_cookies(&get_session(&world, &token).await, Cookies::HandedOver);
    let answer = send(&world, "auth-list-sessions/sessions", &token).await;
    assert_eq!((answer.status, answer.code()), (403, "SESSION_NOT_FRESH"));
    assert_cookies(&answer, Cookies::Untouched);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_sessions_has_those_that_live() {
    let world = World::new().await;
    let short = world.send("auth-sign-in-email/not-remembered").await.text_at("/token").to_owned();
    let other = world.send("auth-sign-up-email/created").await;
    world.pass(DAY);
    let (one, two) = (sign_in(&world).await, sign_in(&world).await);
    let listed = async |token: &str| -> BTreeSet<String> {
        let answer = send(&world, "auth-list-sessions/sessions", token).await;
        answer.json.as_array().unwrap().iter().map(|row| row["token"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(listed(&one).await, [demo::session_token(&world.app), one.clone(), two.clone()].into());
    assert!(!is_alive(&world, &short).await);
    assert!(is_alive(&world, other.text_at("/token")).await);
    assert_eq!(send(&world, "auth-revoke-other-sessions/revoked", &two).await.status, 200);
    assert_eq!(listed(&two).await, [two].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_have_no_list_does_not_make_the_store_read_one() {
    for given in [Given::Revoked, Given::Disabled, Given::AccountGone, Given::After("auth-sign-out/signed-out")] {
        let world = World::new().await;
        given.arrange(&world).await;
        for name in ["tasks-list/tasks", "auth-list-sessions/sessions"] {
            world.recorder.take();
            assert_eq!(world.send(name).await.status, 401, "{name}, {given:?}");
            let calls: Vec<_> = world.recorder.take().into_iter().map(|call| call.operation).collect();
            assert_eq!(calls, ["BatchGetItem"], "{name}, {given:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_other_services_opens_data_and_never_the_session() {
    let world = World::new().await;
    let by_route = world.send("auth-token/token").await.text_at("/token").to_owned();
    let signed_in = world.send("auth-get-session/session").await;
    let by_header = signed_in.header("set-auth-jwt").unwrap().to_owned();
    assert_eq!(claims(&by_route), claims(&by_header));
    for jwt in [&by_route, &by_header] {
        let me = world.send_event("auth-me", with_bearer(event("auth-me/no-credential"), jwt)).await;
        assert_eq!((me.status, me.text_at("/email")), (200, demo::EMAIL));
        // To the routes of the Better Auth dialect it is no credential, as in the original.
        let session =
            world.send_event("auth-get-session", with_bearer(event("auth-get-session/no-session"), jwt)).await;
        assert_eq!((session.status, session.text.as_str()), (200, "null"));
        assert_eq!(session.header("set-auth-token"), None);
        for name in ["auth-token/no-session", "auth-list-sessions/no-session", "auth-list-accounts/no-session"] {
            let answer = world.send_event(crate::event::function_of(name), with_bearer(event(name), jwt)).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHORIZED"), "{name}");
            assert_cookies(&answer, Cookies::Untouched);
        }
        let update = with_bearer(event("auth-update-user/no-session"), jwt);
        assert_eq!(world.send_event("auth-update-user", update).await.code(), "UNAUTHORIZED");
        // Nor does it hide the cookie beside it.
        let both = with_bearer(event("auth-get-session/session"), jwt);
        assert_eq!(world.send_event("auth-get-session", both).await.text_at("/user/email"), demo::EMAIL);
    }
    assert_eq!(world.send("auth-sign-out/signed-out").await.status, 200);
    for jwt in [&by_route, &by_header] {
        let me = world.send_event("auth-me", with_bearer(event("auth-me/no-credential"), jwt)).await;
        assert_eq!(me.status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_or_truncated_cookie_is_worth_a_read_of_the_store() {
    let world = World::new().await;
    let token = demo::session_token(&world.app);
    world.recorder.take();
    let mut forged: Vec<String> = (0..token.len()).map(|length| token.chars().take(length).collect()).collect();
    for (at, character) in token.char_indices() {
        let mut other = token.clone();
        other.replace_range(at..=at, if character == 'A' { "B" } else { "A" });
        forged.push(other);
    }
    forged.extend([format!("{token}A"), format!("{token}."), format!("{token}.c2ln"), format!("A{token}")]);
    for forged in forged {
        let answer = get_session(&world, &forged).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "null"), "{forged}");
        assert_cookies(&answer, Cookies::Untouched);
    }
    assert_eq!(world.recorder.take().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cookies_of_one_name_the_first_that_verifies_counts() {
    let world = World::new().await;
    let good = demo::session_token(&world.app);
    let anns = world.send("auth-sign-up-email/created").await.text_at("/token").to_owned();
    let get = event("auth-get-session/session");
    for (tokens, email) in [
        ([good.as_str(), "nonsense"], Some(demo::EMAIL)),
        (["nonsense", good.as_str()], Some(demo::EMAIL)),
        ([good.as_str(), anns.as_str()], Some(demo::EMAIL)),
        ([anns.as_str(), good.as_str()], Some("ann@example.com")),
        (["", good.as_str()], Some(demo::EMAIL)),
        (["nonsense", "nonsense"], None),
    ] {
        let answer = world
            .send_event(
                "auth-get-session",
                tokens.iter().fold(without_cookies(get.clone()), |event, token| {
                    with_cookie(event, &format!("__Secure-better-auth.session_token={token}"))
                }),
            )
            .await;
        assert_eq!(answer.json["user"]["email"].as_str(), email, "{tokens:?}");
    }
    // In one header, as browsers send them.
    let mut joined = get;
    joined["cookies"] = json!([format!("a=b;__Secure-better-auth.session_token=\"{good}\"; c")]);
    assert_eq!(world.send_event("auth-get-session", joined).await.text_at("/user/email"), demo::EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_begun_before_all_were_revoked_outlives_that() {
    let world = Arc::new(World::new().await);
    let signing_in = tokio::spawn({
        let world = Arc::clone(&world);
        async move { many_times(&world, "auth-sign-in-email/signed-in").await }
    });
    // Half of them have read the profile, with the epoch that is about to end, and are hashing.
    let mut begun = 0;
    while begun < MANY / 2 {
        let is_profile = |need: &(String, String)| need.1 == "Users";
        begun += world.recorder.take().iter().filter(|call| call.needs.iter().any(is_profile)).count();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(world.send("auth-revoke-sessions/revoked").await.status, 200);
    let answers = signing_in.await.unwrap();
    assert_eq!(count(&answers, 200), MANY);
    let mut alive = 0;
    for answer in &answers {
        alive += usize::from(is_alive(&world, answer.text_at("/token")).await);
    }
    let rows = world.rows("Sessions").await;
    let after = rows.iter().filter(|row| row["epoch"].as_n().unwrap() == "1").count();
    assert_eq!(alive, after, "those that live are those that began after");
    assert!(alive <= MANY - begun, "{alive} live of {MANY}, and {begun} had begun before");
    assert_eq!(world.send("auth-me/user").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_sessions_that_revoke_all_others_at_once_one_survives() {
    let world = Arc::new(World::new().await);
    let mut tokens = vec![demo::session_token(&world.app)];
    for number in 1..MANY {
        // Rows like that of the demo session, which signing in would take many hashes to make.
        let mut row = world.row("Sessions", &demo_session()).await.unwrap();
        let principal = shared::identity::Principal {
            session_id: shared::domain::SessionId(uuid::Uuid::from_u128(0x5e55_0000 + number as u128)),
            ..demo::PRINCIPAL
        };
        row.insert("session_id".to_owned(), crate::world::text(principal.session_id));
        world.store.put_item().table_name("Sessions").set_item(Some(row)).send().await.unwrap();
        tokens.push(shared::identity::session_token::issue(&world.app.keys, &principal));
    }
    let answers = many(|number| {
        let (world, token) = (Arc::clone(&world), tokens[number].clone());
        async move { send(&world, "auth-revoke-other-sessions/revoked", &token).await }
    })
    .await;
    assert_eq!((count(&answers, 200), count(&answers, 401)), (1, MANY - 1));
    let mut alive = 0;
    for token in &tokens {
        alive += usize::from(is_alive(&world, token).await);
    }
    assert_eq!(alive, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_revokes_all_others_many_times_at_once_stays() {
    let world = Arc::new(World::new().await);
    Given::OtherSession.arrange(&world).await;
    let answers = many_times(&world, "auth-revoke-other-sessions/revoked").await;
    // One that keeps meeting the others is told to come back.
    assert_eq!(count(&answers, 200) + count(&answers, 503), MANY, "{answers:?}");
    assert!(count(&answers, 200) > 0);
    for answer in &answers {
        assert_cookies(answer, Cookies::Untouched);
    }
    assert_eq!(world.send("auth-me/user").await.status, 200);
    assert_eq!(world.send("auth-me/ended-session").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_changes_of_one_password_exactly_one_is_made() {
    for (name, others) in [("changed", true), ("changed-and-revoked", false)] {
        let world = Arc::new(World::new().await);
        Given::OtherSession.arrange(&world).await;
        let change = event(&format!("auth-change-password/{name}"));
        let body: Value = serde_json::from_str(change["body"].as_str().unwrap()).unwrap();
        let running: tokio::task::JoinSet<_> = (0..MANY / 2)
            .map(|number| {
                let (world, change, mut body) = (Arc::clone(&world), change.clone(), body.clone());
                let password = format!("another horse battery {number}");
                body["newPassword"] = json!(password);
                async move { (password, world.send_event("auth-change-password", with_body(change, &body)).await) }
            })
            .collect();
        let (won, lost): (Vec<_>, Vec<_>) =
            running.join_all().await.into_iter().partition(|(_, answer)| answer.status == 200);
        let [(password, answer)] = won.as_slice() else { panic!("{} of {name} were made", won.len()) };
        for (_, late) in &lost {
            let ended = name == "changed-and-revoked" && late.code() == "UNAUTHORIZED";
            assert!(ended || late.code() == "INVALID_PASSWORD", "{name}: {} {}", late.status, late.text);
        }
        let credentials = |password: &str| json!({"email": demo::EMAIL, "password": password});
        let sign_in = |password: &str| with_body(event("auth-sign-in-email/signed-in"), &credentials(password));
        assert_eq!(world.send_event("auth-sign-in-email", sign_in(password)).await.status, 200);
        for (password, _) in &lost[..2] {
            assert_eq!(world.send_event("auth-sign-in-email", sign_in(password)).await.status, 401);
        }
        assert_eq!(world.send("auth-me/user").await.status == 200, others, "{name}");
        assert_eq!(world.send("auth-me/ended-session").await.status == 200, others, "{name}");
        if let Some(token) = answer.json["token"].as_str() {
            assert!(is_alive(&world, token).await);
        }
        // Both places that hold the hash hold the same.
        let user = world.row("Users", &demo_user()).await.unwrap();
        let credential = world.row("Credentials", &crate::case::demo_credential()).await.unwrap();
        assert_eq!(user["password_hash"], credential["password_hash"], "{name}");
    }
}
