//! At most a hundred sessions of one user are kept.

use std::collections::BTreeSet;

use infra::demo;
use shared::{
    accounts::{SessionTerms, begin_session},
    domain::{Session, SessionId, User},
    http::Request,
};
use uuid::Uuid;

use crate::{
    case::{DAY, demo_user},
    event::{event, with_session_cookie},
    orders::{Orders, Side, Turns},
    recorder::Fault,
    world::{World, number, text},
};

async fn user(world: &World) -> User {
    world.app.store.user_with_account(demo::PRINCIPAL.user_id).await.unwrap().unwrap().0
}

fn id(number: usize) -> SessionId {
    SessionId(Uuid::from_u128(u128::try_from(number).unwrap()))
}

/// Sessions of the demo account from yesterday, each begun a second after the one before. All of them live.
async fn begin_before(world: &World, numbers: std::ops::Range<usize>) {
    let now = world.app.clock.now();
    for number in numbers {
        let began = now.plus_seconds(i64::try_from(number).unwrap() - DAY);
        let session = Session {
            user_id: demo::PRINCIPAL.user_id,
            id: id(number),
            created_at: began,
            updated_at: began,
            expires_at: now.plus_seconds(DAY),
            remember: true,
            epoch: 0,
            ip_address: String::new(),
            user_agent: "x".repeat(512),
        };
        world.app.store.create_session(&session).await.unwrap();
    }
}

/// The ids of the demo account's sessions.
async fn kept(world: &World) -> BTreeSet<Uuid> {
    let sessions = world.app.store.all_sessions(demo::PRINCIPAL.user_id, true).await.unwrap();
    sessions.into_iter().map(|session| session.id.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_session_makes_room_for_the_hundred_and_first() {
    let world = World::new().await;
    // The demo account has one from today.
    begin_before(&world, 1..Session::MAX_PER_USER).await;
    let before = kept(&world).await;
    assert_eq!(before.len(), Session::MAX_PER_USER);
    let token = world.send("auth-sign-in-email/signed-in").await.text_at("/token").to_owned();
    let after = kept(&world).await;
    assert_eq!(after.len(), Session::MAX_PER_USER);
    assert_eq!(before.difference(&after).collect::<Vec<_>>(), [&id(1).0]);
    let listed = with_session_cookie(event("auth-list-sessions/sessions"), &token);
    let listed = world.send_event("auth-list-sessions", listed).await;
    assert_eq!(listed.json.as_array().unwrap().len(), Session::MAX_PER_USER);
    assert!(listed.json.as_array().unwrap().iter().any(|session| session["token"] == *token), "the caller's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_makes_room_before_what_lives() {
    let world = World::new().await;
    begin_before(&world, 1..Session::MAX_PER_USER).await;
    let key = |number| [("user_id", text(demo::PRINCIPAL.user_id)), ("session_id", text(id(number)))];
    world.change("Sessions", &key(70), "ends_at", number(world.app.clock.now().millis())).await;
    let before = kept(&world).await;
    for gone in [70, 1] {
        assert_eq!(world.send("auth-login/logged-in").await.status, 200);
        world.pass(1);
        assert!(!kept(&world).await.contains(&id(gone).0), "{gone}");
    }
    let after = kept(&world).await;
    assert_eq!(before.difference(&after).collect::<Vec<_>>(), [&id(1).0, &id(70).0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_too_many_as_many_are_deleted_as_one_call_deletes() {
    let world = World::new().await;
    begin_before(&world, 1..140).await;
    for left in [116, 100, 100] {
        assert_eq!(world.send("auth-login/logged-in").await.status, 200);
        assert_eq!(kept(&world).await.len(), left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sign_in_is_refused_because_there_is_no_room_to_be_made() {
    for name in ["auth-login/logged-in", "auth-sign-in-email/signed-in"] {
        let world = World::new().await;
        begin_before(&world, 1..Session::MAX_PER_USER).await;
        // What finds the user, their profile, and the session itself are carried out.
        world.recorder.fail(Fault::Error("ThrottlingException"), 3..usize::MAX);
        assert_eq!(world.send(name).await.status, 200, "{name}");
        world.recorder.heal();
        assert_eq!(kept(&world).await.len(), Session::MAX_PER_USER + 1, "{name}");
        world.send(name).await;
        assert_eq!(kept(&world).await.len(), Session::MAX_PER_USER, "{name}: the next one makes it");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn a_list_has_the_callers_own_session_however_many_have_ended() {
    let world = World::new().await;
    // More than a query reads, with ids that come before any other.
    begin_before(&world, 1..2000).await;
    world.change("Users", &demo_user(), "session_epoch", number(1)).await;
    let token = world.send("auth-sign-in-email/signed-in").await.text_at("/token").to_owned();
    let listed = with_session_cookie(event("auth-list-sessions/sessions"), &token);
    let listed = world.send_event("auth-list-sessions", listed).await;
    let tokens: Vec<_> = listed.json.as_array().unwrap().iter().map(|session| &session["token"]).collect();
    assert_eq!(tokens, [&token], "all others are revoked");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn of_two_who_sign_in_at_once_both_are_and_a_hundred_sessions_are_left_in_every_order() {
    let world = World::new().await;
    let turns = Turns::default();
    let app = async |side: Side| {
        let client = turns.client(side, world.store.config().http_client().unwrap());
        world.app_over(&client, &[]).await
    };
    let apps = [app(0).await, app(1).await];
    let user = user(&world).await;
    let request = serde_json::from_value(event("auth-sign-in-email/signed-in")).unwrap();
    let request = Request::from_event(request, &world.app.config);
    for there in [Session::MAX_PER_USER - 1, Session::MAX_PER_USER] {
        begin_before(&world, 1..there).await;
        let before = kept(&world).await;
        let mut orders = Orders::default();
        let mut count = 0;
        while orders.advance() {
            let terms = SessionTerms::of_browser(&request, true);
            let begun = [0, 1].map(|side| begin_session(&apps[side], &user, &terms));
            let begun = turns.carry_out(&mut orders, begun).await;
            let after = kept(&world).await;
            if let Some(begun) = begun {
                count += 1;
                let calls: Vec<_> = orders.calls().iter().map(ToString::to_string).collect();
                assert_eq!(after.len(), Session::MAX_PER_USER, "{there}, {calls:#?}");
                for session in begun {
                    assert!(after.contains(&session.unwrap().id.0), "{there}, {calls:#?}");
                }
            }
            // As it was, for the next order.
            let new = after
                .difference(&before)
                .map(|id| shared::identity::Principal { session_id: SessionId(*id), ..demo::PRINCIPAL });
            world.app.store.delete_sessions(new).await.unwrap();
            for gone in before.difference(&after) {
                let number = usize::try_from(gone.as_u128()).unwrap();
                begin_before(&world, number..number + 1).await;
            }
        }
        assert!(count > 20, "{count} orders");
    }
}
