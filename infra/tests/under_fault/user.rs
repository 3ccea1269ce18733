//! A user whom a group of clients shares, and what there has to be of theirs.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Answer, Api, Ask, Outcome};

pub const PASSWORD: &str = "correct horse battery staple";

#[derive(Debug)]
pub struct User {
    pub id: String,
    pub email: String,
    pub token: String,
    /// The tasks that were acknowledged, by their titles; those that may have been deleted have no number.
    made: Mutex<BTreeMap<String, Option<u64>>>,
}

impl User {
    /// Signs up until it is answered with an account.
    pub async fn sign_up(api: &Api) -> Self {
        loop {
            let email = format!("{}@example.com", unique());
            let body = json!({"email": email, "password": PASSWORD});
            if let Outcome::Answered(answer) = api.send(&Ask::new(Method::POST, "/api/auth/signup").json(body)).await {
                assert_eq!(answer.status, 201, "{answer:?}");
                let text = |pointer: &str| answer.body.pointer(pointer).unwrap().as_str().unwrap().to_owned();
                return Self { id: text("/user/id"), email, token: text("/access_token"), made: Mutex::default() };
            }
        }
    }

    pub fn tasks(&self, method: Method) -> Ask {
        Ask::new(method, format!("/api/{}/tasks", self.id)).token(&self.token)
    }

    pub fn task(&self, method: Method, id: u64, end: &str) -> Ask {
        Ask::new(method, format!("/api/{}/tasks/{id}{end}", self.id)).token(&self.token)
    }

    /// A title that no other task has.
    pub fn title(&self) -> String {
        format!("{} {}", self.id, unique())
    }

    /// Remembers a task that was acknowledged.
    pub fn made(&self, title: &str, id: u64) {
        self.made.lock().unwrap().insert(title.to_owned(), Some(id));
    }

    /// Remembers that a task may be gone.
    pub fn may_be_gone(&self, title: &str) {
        self.made.lock().unwrap().insert(title.to_owned(), None);
    }

    /// A task in an answer: it is this user's.
    pub fn own(&self, task: &Value) -> u64 {
        assert_eq!(task["user_id"], json!(self.id), "a task of somebody else: {task}");
        task["id"].as_u64().unwrap()
    }

    /// What was acknowledged is there, once, and nothing of anybody else's.
    pub async fn assert_that_all_is_there(&self, api: &Api) {
        let tasks = loop {
            match api.send(&self.tasks(Method::GET)).await {
                Outcome::Answered(Answer { status: 200, body: Value::Array(tasks), .. }) => break tasks,
                Outcome::Answered(answer) => panic!("{answer:?}"),
                Outcome::NotDone | Outcome::Unknown => {}
            }
        };
        let mut there: BTreeMap<u64, &Value> = BTreeMap::new();
        let mut descriptions = BTreeMap::new();
        for task in &tasks {
            there.insert(self.own(task), task);
            *descriptions.entry(task["description"].as_str().unwrap()).or_insert(0) += 1;
        }
        for (description, count) in descriptions {
            assert!(description.starts_with(&self.id), "somebody else's: {description}");
            assert_eq!(count, 1, "made twice: {description}");
        }
        for (title, id) in self.made.lock().unwrap().iter() {
            assert!(id.is_none_or(|id| there.contains_key(&id)), "acknowledged and lost: {title}");
        }
    }
}

/// A text that no other call gives.
pub fn unique() -> String {
    shared::random::Random::secure().uuid().unwrap().to_string()
}
