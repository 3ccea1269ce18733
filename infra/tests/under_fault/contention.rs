//! Very many who want the same at the same moment, of a store that turns writes away which meet a transaction.

use std::{collections::BTreeMap, sync::Arc};

use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    Error,
    domain::{PasswordAccount, User, UserId},
};
use tokio::task::JoinSet;

use crate::{
    api::{Answer, Api, Ask, Outcome},
    faulty_store::{Faults, FaultyStack},
    user::{self, unique},
};

const MANY: usize = 200;

async fn stack() -> (FaultyStack, Arc<Api>) {
    let stack = FaultyStack::start(Faults { seed: 1, per_mille: 0, conflicts: true }).await;
    let api = Arc::new(Api::new(&stack.api_url));
    (stack, api)
}

/// Sends all at once, and gives the answers by their status: nobody is told to come back.
async fn at_once(api: &Arc<Api>, asks: impl Iterator<Item = Ask>) -> BTreeMap<u16, Vec<Value>> {
    let mut running = JoinSet::new();
    for ask in asks {
        let api = Arc::clone(api);
        running.spawn(async move { api.send(&ask).await });
    }
    let mut answers: BTreeMap<u16, Vec<Value>> = BTreeMap::new();
    for outcome in running.join_all().await {
        let Outcome::Answered(Answer { status, body, .. }) = outcome else { panic!("{outcome:?}") };
        answers.entry(status).or_default().push(body);
    }
    assert_eq!(api.sent_again.load(std::sync::atomic::Ordering::Relaxed), 0, "somebody was answered with 503");
    answers
}

fn counts(answers: &BTreeMap<u16, Vec<Value>>) -> Vec<(u16, usize)> {
    answers.iter().map(|(status, bodies)| (*status, bodies.len())).collect()
}

/// Each has hashed its password before, in an environment of its own: what they have in common is the store.
#[tokio::test(flavor = "multi_thread")]
async fn of_200_sign_ups_with_one_email_one_is_made_and_nobody_is_told_to_come_back() {
    let (stack, _api) = stack().await;
    let email = format!("{}@example.com", unique());
    let mut running = JoinSet::new();
    for _ in 0..MANY {
        let (app, now) = (stack.app.clone(), stack.app.clock.now());
        let id = || app.random.uuid().unwrap();
        let user = User {
            id: UserId(id()),
            email: email.clone(),
            name: String::new(),
            image: None,
            email_verified: false,
            is_contested: false,
            is_active: true,
            session_epoch: 0,
            created_at: now,
            updated_at: now,
        };
        let account = PasswordAccount { id: id(), password_hash: "none".into(), updated_at: now };
        running.spawn(async move { app.store.create_account(&user, &account, None, None).await });
    }
    let (made, refused): (Vec<_>, Vec<_>) = running.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    assert!(refused.iter().all(|refused| matches!(refused, Err(Error::EmailTaken))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_uses_of_one_idempotency_key_one_makes_a_task_and_nobody_is_told_to_come_back() {
    let (_stack, api) = stack().await;
    let user = user::User::sign_up(&api).await;
    let create = user.tasks(Method::POST).key(&unique()).json(json!({"title": "wanted once"}));
    let answers = at_once(&api, (0..MANY).map(|_| create.clone())).await;
    assert_eq!(counts(&answers), [(201, MANY)]);
    assert!(answers[&201].iter().all(|task| task == &answers[&201][0]));
    let Outcome::Answered(list) = api.send(&user.tasks(Method::GET)).await else { panic!("no list") };
    assert_eq!(list.body, json!([answers[&201][0]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_updates_of_one_version_one_is_made_and_nobody_is_told_to_come_back() {
    let (_stack, api) = stack().await;
    let user = user::User::sign_up(&api).await;
    for is_keyed in [false, true] {
        let create = user.tasks(Method::POST).json(json!({"title": "wanted by many"}));
        let Outcome::Answered(task) = api.send(&create).await else { panic!("no task") };
        let updates = (0..MANY).map(|number| {
            let update = user.task(Method::PUT, user.own(&task.body), "").json(json!({"title": number.to_string()}));
            let update = update.header("if-match", format!("\"{}\"", task.version));
            if is_keyed { update.key(&unique()) } else { update }
        });
        let answers = at_once(&api, updates.collect::<Vec<_>>().into_iter()).await;
        assert_eq!(counts(&answers), [(200, 1), (412, MANY - 1)], "with keys: {is_keyed}");
    }
}
