//! One idempotency key, used by all clients of a group at once.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;
use stateright::semantics::SequentialSpec;

use crate::{
    GROUP,
    api::{Answer, Api},
    history::History,
    user::{User, unique},
};

/// How many operations each client asks for.
const OPERATIONS: usize = 2;

/// What a key stands for: the first task that was made with it.
#[derive(Debug, Clone)]
struct Key(Option<u64>);

/// What makes the task, or finds it made.
#[derive(Debug, Clone)]
struct Create;

impl SequentialSpec for Key {
    type Op = Create;
    type Ret = u64;

    fn invoke(&mut self, _: &Create) -> u64 {
        self.0.unwrap_or_default()
    }

    fn is_valid_step(&mut self, _: &Create, told: &u64) -> bool {
        self.0.get_or_insert(*told) == told
    }
}

pub async fn round(api: &Arc<Api>, user: &Arc<User>) -> usize {
    let title = user.title();
    let create = user.tasks(Method::POST).key(&unique()).json(json!({"title": title, "description": title}));
    let history = History::new(Key(None));
    let clients = (0..GROUP).map(|_| {
        let (api, user, history, create) = (Arc::clone(api), Arc::clone(user), Arc::clone(&history), create.clone());
        let title = title.clone();
        tokio::spawn(async move {
            for _ in 0..OPERATIONS {
                let made = history.ask(&api, &create, Create, |answer| told(&user, &answer)).await;
                if let Some(id) = made {
                    user.made(&title, id);
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    history.judge().await
}

fn told(user: &User, answer: &Answer) -> u64 {
    assert_eq!(answer.status, 201, "{answer:?}");
    user.own(&answer.body)
}
