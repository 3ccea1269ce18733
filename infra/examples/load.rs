//! Load: many clients at once against an API, and a count of what went wrong.
//!
//! `cargo run --release --example load` starts a local stack of its own; `--base-url` names another API. Each client signs
//! up and then makes, reads, changes, completes, lists and deletes tasks for as long as told. At the end each lists what
//! it has: a task that was acknowledged and not deleted has to be there. The program fails if one is not, or if any
//! answer was a 5xx. Before that, one client lists 100 tasks again and again, and is timed.

#![allow(clippy::print_stdout, reason = "a program that reports")]

use std::{
    collections::BTreeSet,
    error::Error,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use infra::stack::{Options, Stack};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Debug, Parser)]
struct Arguments {
    /// The API; without one, a local stack is started.
    #[arg(long)]
    base_url: Option<String>,
    /// How many clients at once.
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// For how many seconds.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<bool> {
    let stack = match &arguments.base_url {
        Some(_) => None,
        None => Some(Stack::start(Options::default()).await?),
    };
    let base_url = arguments.base_url.clone().or(stack.as_ref().map(Stack::api_url)).unwrap_or_default();
    println!("{}", time_lists(&base_url).await?);

    let until = Instant::now() + Duration::from_secs(arguments.seconds);
    let mut clients = JoinSet::new();
    for _ in 0..arguments.clients {
        let base_url = base_url.clone();
        clients.spawn(async move { User::sign_up(&base_url).await?.work(until).await });
    }
    let mut total = Tally::default();
    while let Some(client) = clients.join_next().await {
        total.add(&client??);
    }
    println!(
        "{} clients, {} s: {} requests ({} per second), {} answers 5xx, {} tasks acknowledged, {} of them lost",
        arguments.clients,
        arguments.seconds,
        total.requests,
        total.requests / arguments.seconds.max(1),
        total.server_errors,
        total.acknowledged,
        total.lost,
    );
    if let Some(stack) = stack {
        stack.stop().await;
    }
    Ok(total.server_errors == 0 && total.lost == 0 && total.acknowledged > 0)
}

/// How long one client waits for a list of 100 tasks.
async fn time_lists(base_url: &str) -> Result<String> {
    const TASKS: usize = 100;
    const WARM_UP: usize = 50;
    const ROUNDS: usize = 1000;
    let mut user = User::sign_up(base_url).await?;
    for _ in 0..TASKS {
        user.create().await?;
    }
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..WARM_UP + ROUNDS {
        let begun = Instant::now();
        let (status, tasks) = user.send(Method::GET, "", None).await?;
        let elapsed = begun.elapsed();
        if status != StatusCode::OK || tasks.as_array().map(Vec::len) != Some(TASKS) {
            return Err(format!("a list of {TASKS} tasks was answered with {status}").into());
        }
        if round >= WARM_UP {
            times.push(elapsed);
        }
    }
    times.sort_unstable();
    let at = |percent: usize| times.get(ROUNDS * percent / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    Ok(format!("a list of {TASKS} tasks, one client: p50 {:.2} ms, p99 {:.2} ms", at(50), at(99)))
}

#[derive(Debug, Default)]
struct Tally {
    requests: u64,
    server_errors: u64,
    acknowledged: u64,
    lost: u64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.server_errors += other.server_errors;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
    }
}

/// A user with a client of their own, who remembers which tasks there have to be.
#[derive(Debug)]
struct User {
    client: Client,
    tasks_url: String,
    token: String,
    tasks: BTreeSet<u64>,
    tally: Tally,
}

impl User {
    async fn sign_up(base_url: &str) -> Result<Self> {
        let client = Client::builder().timeout(Duration::from_secs(30)).build()?;
        let body = json!({"email": format!("load-{}@example.com", uuid_text()?), "password": "correct horse battery"});
        let answer = client.post(format!("{base_url}/api/auth/signup")).json(&body).send().await?.error_for_status()?;
        let answer: Value = answer.json().await?;
        let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let (Some(token), Some(id)) = (text("/access_token"), text("/user/id")) else {
            return Err("a sign-up was answered without a token".into());
        };
        let tasks_url = format!("{base_url}/api/{id}/tasks");
        Ok(Self { client, tasks_url, token, tasks: BTreeSet::new(), tally: Tally::default() })
    }

    /// Works until told, then counts what is lost.
    async fn work(mut self, until: Instant) -> Result<Tally> {
        while Instant::now() < until {
            self.create().await?;
            let Some(id) = self.create().await? else { continue };
            self.send(Method::GET, &format!("/{id}"), None).await?;
            self.send(Method::PUT, &format!("/{id}"), Some(json!({"title": "changed", "priority": "high"}))).await?;
            self.send(Method::PATCH, &format!("/{id}/complete"), None).await?;
            self.send(Method::GET, "?status=open&sort=due&limit=20", None).await?;
            let (status, _) = self.send(Method::DELETE, &format!("/{id}"), None).await?;
            if status == StatusCode::OK {
                self.tasks.remove(&id);
            }
        }
        let listed = self.list_all().await?;
        self.tally.lost = self.tasks.difference(&listed).count() as u64;
        Ok(self.tally)
    }

    async fn create(&mut self) -> Result<Option<u64>> {
        let (status, task) = self.send(Method::POST, "", Some(json!({"title": "under load"}))).await?;
        let id = task.get("id").and_then(Value::as_u64).filter(|_| status == StatusCode::CREATED);
        self.tasks.extend(id);
        self.tally.acknowledged += u64::from(id.is_some());
        Ok(id)
    }

    /// Every task, page by page.
    async fn list_all(&mut self) -> Result<BTreeSet<u64>> {
        let mut ids = BTreeSet::new();
        let mut next = Some(self.tasks_url.clone());
        while let Some(url) = next {
            let answer = self.client.get(&url).bearer_auth(&self.token).send().await?.error_for_status()?;
            let link = answer.headers().get("link").and_then(|link| link.to_str().ok()).map(str::to_owned);
            next = link.and_then(|link| {
                let path = link.split(['<', '>']).nth(1)?.to_owned();
                Some(format!("{}{path}", self.tasks_url.split("/api/").next()?))
            });
            let page: Vec<Value> = answer.json().await?;
            ids.extend(page.iter().filter_map(|task| task.get("id").and_then(Value::as_u64)));
        }
        Ok(ids)
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Result<(StatusCode, Value)> {
        let mut request = self.client.request(method, format!("{}{path}", self.tasks_url)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        self.tally.requests += 1;
        self.tally.server_errors += u64::from(status.is_server_error());
        Ok((status, answer.json().await?))
    }
}

fn uuid_text() -> Result<String> {
    Ok(shared::random::Random::secure().uuid()?.to_string())
}
