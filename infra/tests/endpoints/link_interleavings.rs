//! A link in a mail, used while something else is done to the same account or address, in every order of their calls.

use infra::demo;
use serde_json::{Value, json};
use shared::{App, identity::mail_token::Purpose};

use crate::{
    case::{demo_credential, demo_user},
    event::{event, function_of, with_fields, with_query},
    orders::{Orders, Turns},
    tokens::{mailed, mailed_about},
    workers::purge::rows_left_by_the_purge,
    world::{Answer, World, answer, text},
};

/// What is left of two requests after one of the orders.
struct Left {
    world: World,
    answers: [Answer; 2],
}

/// Carries two requests out in every order, each over a store of its own, with these variables in the functions' environment.
async fn in_every_order(variables: &[(&str, &str)], requests: [(&str, Value); 2], mut judge: impl AsyncFnMut(Left)) {
    let mut orders = Orders::default();
    let mut count = 0;
    while orders.advance() {
        let world = World::new().await;
        let turns = Turns::default();
        let client = world.store.config().http_client().unwrap();
        let apps: [App; 2] = [
            world.app_over(&turns.client(0, client.clone()), variables).await,
            world.app_over(&turns.client(1, client), variables).await,
        ];
        let operations = [0, 1].map(|side| answer(&apps[side], requests[side].0, requests[side].1.clone()));
        if let Some(answers) = turns.carry_out(&mut orders, operations).await {
            count += 1;
            judge(Left { world, answers }).await;
        }
    }
    assert!(count > 1, "there was one order alone");
}

impl Left {
    fn statuses(&self) -> [u16; 2] {
        [self.answers[0].status, self.answers[1].status]
    }

    async fn owner_of(&self, email: &str) -> Option<String> {
        let row = self.world.row("Credentials", &[("email", text(email))]).await?;
        Some(row["user_id"].as_s().unwrap().clone())
    }
}

fn request(name: &str) -> (&str, Value) {
    (function_of(name), event(name))
}

fn link_to_verify(token: &str) -> (&'static str, Value) {
    ("auth-verify-email", with_query(event("auth-verify-email/verified"), &format!("token={token}")))
}

fn change_to(email: &str) -> (&'static str, Value) {
    link_to_verify(&mailed_about(Purpose::VerifyEmailChange, Some(email)))
}

#[tokio::test]
async fn an_address_that_is_taken_while_somebody_signs_up_with_it_has_one_owner() {
    let sign_up = with_fields(event("auth-sign-up-email/created"), &json!({"email": "new@example.com"}));
    let requests = [change_to("new@example.com"), ("auth-sign-up-email", sign_up)];
    in_every_order(&[], requests, async |left: Left| {
        let changed = match left.statuses() {
            [200, 422] => true,
            [401, 200] => false,
            other => panic!("{other:?}: {:?}", left.answers),
        };
        let owner = left.owner_of("new@example.com").await.unwrap();
        assert_eq!(owner == demo::PRINCIPAL.user_id.to_string(), changed);
        assert_eq!(left.world.row("Credentials", &demo_credential()).await.is_none(), changed);
        assert_eq!(left.world.rows("Users").await.len(), if changed { 1 } else { 2 });
        assert_eq!(left.world.rows("Credentials").await.len(), if changed { 1 } else { 2 });
    })
    .await;
}

#[tokio::test]
async fn of_two_uses_of_a_link_one_is_made() {
    let reset = || request("auth-reset-password/reset");
    let deletion = || request("auth-follow-deletion-link/deleted");
    let by_link = || request("auth-delete-user/by-link");
    let pairs = [
        [reset(), reset()],
        [reset(), request("auth-reset-password/code")],
        [change_to("new@example.com"), change_to("new@example.com")],
        [change_to("new@example.com"), change_to("other@example.com")],
        [change_to("new@example.com"), reset()],
        [deletion(), deletion()],
        [deletion(), by_link()],
        [deletion(), reset()],
        [deletion(), change_to("new@example.com")],
    ];
    for pair in pairs {
        let names = [pair[0].0, pair[1].0];
        in_every_order(&[], pair, async |left: Left| {
            let made = left.statuses().into_iter().filter(|status| *status < 400).count();
            assert_eq!(made, 1, "{names:?}: {:?}", left.answers);
            // Each account has one address, and each address one account.
            let (users, credentials) = (left.world.rows("Users").await, left.world.rows("Credentials").await);
            assert_eq!(users.len(), credentials.len(), "{names:?}");
            for (user, credential) in users.iter().zip(&credentials) {
                for attribute in ["email", "user_id", "password_hash"] {
                    assert_eq!(user[attribute], credential[attribute], "{names:?}");
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn of_two_uses_of_a_link_that_verifies_one_signs_in() {
    let link = || link_to_verify(&mailed(Purpose::VerifyEmail));
    in_every_order(&[("SIGN_IN_AFTER_VERIFICATION", "true")], [link(), link()], async |left: Left| {
        assert_eq!(left.statuses(), [200, 200]);
        let signed_in = left.answers.iter().filter(|answer| !answer.cookies.is_empty()).count();
        assert_eq!(signed_in, 1, "{:?}", left.answers);
        assert_eq!(left.world.rows("Sessions").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_made_while_its_owner_is_deleted_is_out_of_reach_and_goes_with_the_rest() {
    let requests = [request("auth-follow-deletion-link/deleted"), request("tasks-create/created-once")];
    in_every_order(&[], requests, async |left: Left| {
        let [deleted, created] = left.statuses();
        assert!(deleted == 302 && [201, 401].contains(&created), "{:?}", left.answers);
        assert_eq!(left.world.send("tasks-list/tasks").await.status, 401);
        assert!(left.world.row("Users", &demo_user()).await.is_none());
        assert_eq!(rows_left_by_the_purge(&left.world).await, 0);
    })
    .await;
}
