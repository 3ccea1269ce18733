//! Requests.

use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use super::{Answer, Gateway, PASSWORD, User, base_url, gateway, store_faults, unique, unique_email};

pub struct Client {
    http: reqwest::Client,
}

impl Client {
    /// One per test: connections belong to the runtime that opened them.
    pub fn new() -> Client {
        let timeout = match gateway() {
            // The first request of a function waits for its compilation.
            Gateway::CargoLambda => Duration::from_secs(900),
            Gateway::Local | Gateway::SamLocal | Gateway::Other => Duration::from_secs(60),
        };
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(timeout);
        if base_url().starts_with("http://") {
            // Saves reading the machine's certificates, once per test, where none is needed.
            builder = builder.tls_certs_only(std::iter::empty());
        }
        Client { http: builder.build().unwrap() }
    }

    pub fn request(&self, method: Method, path: &str) -> Call {
        self.request_url(method, Url::parse(&format!("{}{path}", base_url())).unwrap())
    }

    pub fn request_url(&self, method: Method, url: Url) -> Call {
        let line = format!("{method} {}", url.as_str());
        Call { line, url: url.clone(), method: method.clone(), builder: self.http.request(method, url) }
    }

    pub fn get(&self, path: &str) -> Call {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Call {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Call {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.request(Method::DELETE, path)
    }

    pub fn sign_up_call(&self, body: &Value) -> Call {
        self.post("/api/auth/signup").json(body)
    }

    pub fn log_in_call(&self, email: &str, password: &str) -> Call {
        self.post("/api/auth/login").json(&json!({"email": email, "password": password}))
    }

    /// A new user with [`PASSWORD`], signed in.
    pub async fn sign_up(&self) -> User {
        let body = json!({"email": unique_email(), "password": PASSWORD});
        User::from_answer(&self.sign_up_call(&body).send().await.expect(201).json())
    }

    /// Another session of a user made by [`Client::sign_up`].
    pub async fn log_in(&self, user: &User) -> User {
        User::from_answer(&self.log_in_call(&user.email, PASSWORD).send().await.expect(200).json())
    }

    pub async fn create(&self, user: &User, body: Value) -> Answer {
        let answer = self.post(&user.tasks()).token(&user.token).json(&body).send().await;
        answer.expect(201);
        answer
    }

    pub async fn create_titled(&self, user: &User, title: &str) -> Value {
        self.create(user, json!({"title": title})).await.json()
    }

    pub async fn fetch(&self, user: &User, id: &Value) -> Answer {
        let answer = self.get(&user.task(id)).token(&user.token).send().await;
        answer.expect(200);
        answer
    }

    pub async fn update(&self, user: &User, id: &Value, body: &Value) -> Answer {
        self.put(&user.task(id)).token(&user.token).json(body).send().await
    }

    /// All pages of a list, from `path` on through `Link: rel="next"`.
    pub async fn pages(&self, user: &User, path: &str) -> Vec<Vec<Value>> {
        let mut answer = self.get(path).token(&user.token).send().await;
        let mut pages = vec![answer.expect(200).array()];
        while let Some(next) = answer.next_page() {
            assert!(pages.len() < 300, "{path}: paging does not end");
            answer = self.request_url(Method::GET, next).token(&user.token).send().await;
            pages.push(answer.expect(200).array());
        }
        pages
    }

    pub async fn list(&self, user: &User, query: &str) -> Vec<Value> {
        self.pages(user, &format!("{}{query}", user.tasks())).await.concat()
    }
}

#[must_use = "a call is made when it is sent"]
pub struct Call {
    line: String,
    url: Url,
    method: Method,
    builder: reqwest::RequestBuilder,
}

impl Call {
    pub fn token(self, token: &str) -> Call {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn header(self, name: &str, value: &str) -> Call {
        self.header_bytes(name, value.as_bytes())
    }

    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Call {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.builder = self.builder.header(name, HeaderValue::from_bytes(value).unwrap());
        self
    }

    pub fn json(self, body: &Value) -> Call {
        self.text("application/json", body.to_string())
    }

    pub fn text(self, media_type: &str, body: impl Into<Vec<u8>>) -> Call {
        self.header("content-type", media_type).bytes(body)
    }

    /// A body without a media type.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Call {
        self.builder = self.builder.body(body.into());
        self
    }

    /// Sends, and checks what the contract says of all answers.
    pub async fn send(self) -> Answer {
        let method = self.method.clone();
        let answer = self.send_to_gateway().await;
        answer.check_what_holds_for_all();
        answer.check_description(&method);
        answer
    }

    /// Sends what the gateway may answer by itself, without a function.
    pub async fn send_to_gateway(self) -> Answer {
        let Call { line, url, builder, .. } = self;
        let (client, request) = builder.build_split();
        let mut request = request.unwrap_or_else(|error| panic!("{line}: {error:?}"));
        let is_change_of_a_task = request.method() != Method::GET && url.path().contains("/tasks");
        let attempts = if store_faults().is_some() { ATTEMPTS } else { 1 };
        if attempts > 1 && is_change_of_a_task && !request.headers().contains_key("idempotency-key") {
            request.headers_mut().insert("idempotency-key", HeaderValue::from_str(&unique()).unwrap());
        }
        let is_repeatable = request.method() == Method::GET || request.headers().contains_key("idempotency-key");
        let (mut attempt, mut was_unknown) = (1, false);
        loop {
            let again = request.try_clone().expect("a body in memory");
            let response = client.execute(again).await.unwrap_or_else(|error| panic!("{line}: {error:?}"));
            let status = response.status().as_u16();
            let mut headers = response.headers().clone();
            let body = response.bytes().await.unwrap_or_else(|error| panic!("{line}: {error:?}")).to_vec();
            let is_told_to_come_back = headers.contains_key("retry-after");
            if status == 503 && attempt < attempts && (is_repeatable || is_told_to_come_back) {
                attempt += 1;
                was_unknown |= !is_told_to_come_back;
                // It says so in whole seconds, which are more than a store in this process needs.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
            if was_unknown {
                // The first answer, which did not arrive, would not have had it.
                headers.remove("idempotency-replayed");
            }
            return Answer { line, url, status, headers, body };
        }
    }
}

/// How often a request is sent at most, where the store misbehaves.
const ATTEMPTS: u32 = 5;

/// The six task routes, each with a body that would succeed.
pub fn task_routes(user_id: &str, task_id: &str) -> Vec<(Method, String, Option<Value>)> {
    let tasks = format!("/api/{user_id}/tasks");
    let task = format!("{tasks}/{task_id}");
    vec![
        (Method::GET, tasks.clone(), None),
        (Method::POST, tasks, Some(json!({"title": "made through the matrix of routes"}))),
        (Method::GET, task.clone(), None),
        (Method::PUT, task.clone(), Some(json!({"title": "changed through the matrix of routes"}))),
        (Method::PATCH, format!("{task}/complete"), None),
        (Method::DELETE, task, None),
    ]
}

impl Client {
    /// A call of one of [`task_routes`].
    pub fn route(&self, (method, path, body): (Method, String, Option<Value>)) -> Call {
        let call = self.request(method, &path);
        match body {
            Some(body) => call.json(&body),
            None => call,
        }
    }
}
