//! A client that sends again what the contract says may be sent again, once.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use reqwest::Method;
use serde_json::Value;

pub struct Api {
    http: reqwest::Client,
    url: String,
    pub requests: AtomicU64,
    pub sent_again: AtomicU64,
    pub failed: AtomicU64,
}

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

/// What came of a request.
#[derive(Debug)]
pub enum Outcome {
    Answered(Answer),
    /// It was not carried out.
    NotDone,
    /// Nobody knows.
    Unknown,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    /// The version in the tag.
    pub version: u64,
}

impl Ask {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), ..Self::default() }
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key.to_owned())
    }

    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub fn json(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// Whether it does no more than once what it does, however often it is sent.
    fn is_repeatable(&self) -> bool {
        self.method == Method::GET || self.headers.iter().any(|(name, _)| *name == "idempotency-key")
    }
}

impl Api {
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder().tls_certs_only(std::iter::empty()).timeout(Duration::from_secs(60));
        let (requests, sent_again, failed) = Default::default();
        Self { http: http.build().unwrap(), url: url.to_owned(), requests, sent_again, failed }
    }

    pub async fn send(&self, ask: &Ask) -> Outcome {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut is_unknown = false;
        for attempt in 0..2 {
            self.sent_again.fetch_add(attempt, Ordering::Relaxed);
            let (answer, retry_after) = self.send_once(ask).await;
            assert!(matches!(answer.status, ..500 | 503), "{ask:?} is answered with {answer:?}");
            match retry_after {
                _ if answer.status != 503 => return Outcome::Answered(answer),
                Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
                None => is_unknown = true,
            }
            if is_unknown && !ask.is_repeatable() {
                break;
            }
        }
        self.failed.fetch_add(1, Ordering::Relaxed);
        if is_unknown { Outcome::Unknown } else { Outcome::NotDone }
    }

    /// The answer, and when to come back.
    async fn send_once(&self, ask: &Ask) -> (Answer, Option<u64>) {
        let mut request = self.http.request(ask.method.clone(), format!("{}{}", self.url, ask.path));
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &ask.body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let number = |name: &str| {
            let value = answer.headers().get(name).map(|value| value.to_str().unwrap().trim_matches('"'));
            value.map(|value| value.parse().unwrap())
        };
        let (status, version, retry_after) = (answer.status().as_u16(), number("etag"), number("retry-after"));
        let body = answer.json().await.unwrap_or_default();
        (Answer { status, body, version: version.unwrap_or_default() }, retry_after)
    }
}
