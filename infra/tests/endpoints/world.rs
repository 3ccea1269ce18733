//! A store with the demo account in it, and the functions over it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::{
    Client,
    config::{retry::RetryPartition, timeout::TimeoutConfig},
    types::AttributeValue,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use dynoxide::Database;
use functions::{Endpoint, endpoints};
use infra::{
    demo,
    dynamodb::{Data, DynamoDb},
    stack::template_path,
    template::Template,
};
use lambda_http::{
    Body, Context,
    aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    http::{HeaderMap, Method},
};
use serde_json::Value;
use shared::{
    App, clock::Clock, config::Config, domain::Timestamp, dynamodb::connect, identity::password_hash::PasswordHasher,
    random::Random,
};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit, watch};

use crate::{
    api,
    event::{event, function_of},
    logs,
    recorder::Recorder,
    second_store::{self, OwnTables},
};

pub static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template::read(&template_path()).unwrap());

/// When every test begins: 2030-01-01. It lies ahead of the machine's clock, by which the embedded store deletes expired
/// rows, so that in tests it never does: like the real one, which takes up to days.
pub const BEGINNING: Timestamp = Timestamp::from_seconds(1_893_456_000);

/// What the functions' environment holds unless a test says otherwise: `infra/local.env`, without `BASE_URL`, so that the
/// origin is the one that the gateway reports in the events.
pub static LOCAL: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("../../../infra/local.env").lines().filter_map(|line| line.split_once('='));
    lines.filter(|(name, _)| *name != "BASE_URL").collect()
});

/// An item as DynamoDB has it.
pub type Item = HashMap<String, AttributeValue>;

/// A store and the functions over it.
pub struct World {
    /// What the functions are given.
    pub app: App,
    /// What they ask of the store.
    pub recorder: Recorder,
    /// The store itself, past the recorder.
    pub store: Client,
    /// How long the functions wait for it in Lambda.
    timeouts: TimeoutConfig,
    endpoint: String,
    now: Arc<AtomicI64>,
    dynamodb: DynamoDb,
    _stop: watch::Sender<()>,
    _slot: SemaphorePermit<'static>,
}

/// What a function answers.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub cookies: Vec<String>,
    pub text: String,
    pub json: Value,
}

impl World {
    /// A store in memory with the demo account, as `demo::seed` leaves it. What that writes is worked out once: a password hash
    /// takes longer than everything else a test does.
    pub async fn new() -> Self {
        static SEEDED: OnceCell<Vec<(String, Item)>> = OnceCell::const_new();
        let seeded = SEEDED.get_or_init(async || {
            let world = Self::without_demo().await;
            demo::seed(&world.app).await.unwrap();
            let mut seeded = Vec::new();
            for table in TEMPLATE.tables.keys() {
                seeded.extend(world.rows(table).await.into_iter().map(|row| (table.clone(), row)));
            }
            seeded
        });
        let seeded = seeded.await;
        let world = Self::without_demo().await;
        for (table, row) in seeded {
            world.store.put_item().table_name(table).set_item(Some(row.clone())).send().await.unwrap();
        }
        world
    }

    /// A store in memory with nothing in it.
    ///
    /// It waits for its turn: there are never more of them at once than the machine has processors, whatever runs in parallel, or
    /// each would be as slow as all together. Who has one must therefore not wait for another.
    pub async fn without_demo() -> Self {
        static SLOTS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(processors()));
        let slot = SLOTS.acquire().await.unwrap();
        logs::init();
        let (stop, stopped) = watch::channel(());
        let dynamodb = DynamoDb::start(&TEMPLATE, &Data::Memory, ([127, 0, 0, 1], 0).into(), stopped).await.unwrap();
        let endpoint = second_store::endpoint().unwrap_or_else(|| dynamodb.endpoint());
        let store = connect(variable(&endpoint, &[])).await.unwrap();
        let timeouts = store.config().timeout_config().unwrap().clone();
        let mut client = store.config().http_client().unwrap();
        if second_store::endpoint().is_some() {
            client = OwnTables::create(&endpoint, client).await;
        }
        let store = store.config().to_builder().timeout_config(patient()).http_client(client.clone());
        let store = Client::from_conf(store.build());
        let recorder = Recorder::new(client);
        let now = Arc::new(AtomicI64::new(BEGINNING.millis()));
        let mut app = app(&endpoint, &recorder.client(), &now, &[], Random::secure(), patient()).await;
        let watcher = recorder.clone();
        app.passwords = app.passwords.watched(move |begins| watcher.hashing(begins));
        Self { app, recorder, store, timeouts, endpoint, now, dynamodb, _stop: stop, _slot: slot }
    }

    /// The functions over the same store, with other variables in their environment.
    pub async fn app_with(&self, variables: &[(&str, &str)]) -> App {
        let client = self.recorder.client();
        let mut app = app(&self.endpoint, &client, &self.now, variables, Random::secure(), patient()).await;
        let watcher = self.recorder.clone();
        app.passwords = app.passwords.watched(move |begins| watcher.hashing(begins));
        app
    }

    /// The functions over the same store, with other randomness.
    pub async fn app_with_random(&self, random: Random) -> App {
        self.app_of(random, &[]).await
    }

    /// The same, with other variables in their environment as well.
    pub async fn app_of(&self, random: Random, variables: &[(&str, &str)]) -> App {
        app(&self.endpoint, &self.recorder.client(), &self.now, variables, random, patient()).await
    }

    /// The functions over the same store, with another HTTP client and other variables in their environment.
    pub async fn app_over(&self, http_client: &SharedHttpClient, variables: &[(&str, &str)]) -> App {
        app(&self.endpoint, http_client, &self.now, variables, Random::secure(), patient()).await
    }

    /// The functions over the same store, which give it up as soon as they do in Lambda.
    pub async fn app_with_its_own_timeouts(&self) -> App {
        let timeouts = self.timeouts.clone();
        app(&self.endpoint, &self.recorder.client(), &self.now, &[], Random::secure(), timeouts).await
    }

    /// The store itself, past its API.
    pub fn database(&self) -> &Database {
        &self.dynamodb.database
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// The answer to an event by its name, such as `auth-login/logged-in`.
    pub async fn send(&self, name: &str) -> Answer {
        self.send_event(function_of(name), event(name)).await
    }

    /// The answer to an event.
    pub async fn send_event(&self, function: &str, event: Value) -> Answer {
        answer(&self.app, function, event).await
    }

    /// A row of a table as it is stored.
    pub async fn row(&self, table: &str, key: &[(&str, AttributeValue)]) -> Option<Item> {
        let mut request = self.store.get_item().table_name(table);
        for (name, value) in key {
            request = request.key(*name, value.clone());
        }
        request.send().await.unwrap().item
    }

    /// Changes one attribute of a row.
    pub async fn change(&self, table: &str, key: &[(&str, AttributeValue)], attribute: &str, value: AttributeValue) {
        let mut request = self.store.update_item().table_name(table).update_expression("SET #attribute = :value");
        for (name, value) in key {
            request = request.key(*name, value.clone());
        }
        let request = request.expression_attribute_names("#attribute", attribute);
        request.expression_attribute_values(":value", value).send().await.unwrap();
    }

    /// Every row of a table.
    pub async fn rows(&self, table: &str) -> Vec<Item> {
        let mut rows = Vec::new();
        let mut pages = self.store.scan().table_name(table).into_paginator().items().send();
        while let Some(row) = pages.next().await {
            rows.push(row.unwrap());
        }
        rows
    }
}

/// The same functions, which count requests as the deployed ones do.
pub fn limited(mut app: App) -> App {
    let mut config = Config::clone(&app.config);
    config.limits.enabled = true;
    app.config = Arc::new(config);
    app
}

/// The answer of a function to an event.
pub async fn answer(app: &App, function: &str, event: Value) -> Answer {
    answer_within(app, function, event, None).await
}

/// The same of a function that the platform ends after so much time.
pub async fn answer_within(app: &App, function: &str, event: Value, time: Option<Duration>) -> Answer {
    let event: ApiGatewayV2httpRequest = serde_json::from_value(event).unwrap();
    let mut context = Context::default();
    if let Some(time) = time {
        let end = (SystemTime::now() + time).duration_since(SystemTime::UNIX_EPOCH).unwrap();
        context.deadline = end.as_millis().try_into().unwrap();
    }
    context.request_id = "6b1f1bfa-0000-4000-8000-000000000000".to_owned();
    let endpoint = endpoint(function);
    let is_head = event.request_context.http.method == Method::HEAD;
    let answer: Answer = endpoint.answer(app, event, &context).await.into();
    let mut headers: BTreeSet<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
    headers.extend((!answer.cookies.is_empty()).then(|| "set-cookie".to_owned()));
    let media_type = answer.header("content-type");
    let seen = api::Seen { status: answer.status, media_type, headers, body: answer.text.as_bytes() };
    // Of HEAD, the description says nothing.
    if !is_head && let Some(complaint) = api::complaint(endpoint.method, endpoint.path, &seen) {
        panic!("{complaint}");
    }
    answer
}

/// How many processors the machine has.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

pub fn endpoint(function: &str) -> &'static Endpoint {
    let endpoint = endpoints().find(|endpoint| endpoint.name == function);
    endpoint.unwrap_or_else(|| panic!("functions::endpoints has no {function}"))
}

pub fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

pub fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl From<ApiGatewayV2httpResponse> for Answer {
    fn from(answer: ApiGatewayV2httpResponse) -> Self {
        let text = match answer.body {
            Some(Body::Text(text)) => text,
            None | Some(Body::Empty) => String::new(),
            // What is compressed is not read here.
            Some(Body::Binary(_)) => String::new(),
            other => panic!("{other:?} is no text"),
        };
        Self {
            status: u16::try_from(answer.status_code).unwrap(),
            headers: answer.headers,
            cookies: answer.cookies,
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The machine-readable code of an error.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// A text in the body.
    pub fn text_at(&self, pointer: &str) -> &str {
        let value = self.json.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("there is no text at {pointer} in {}", self.text))
    }
}

/// For the embedded store, which is always there, and is slow where the machine is busy with something else: what is told of
/// time-outs must not depend on that. Each is set, because what is not stays as it is in Lambda.
fn patient() -> TimeoutConfig {
    let limit = Duration::from_secs(60);
    let timeouts = TimeoutConfig::builder().operation_timeout(limit).operation_attempt_timeout(limit);
    timeouts.connect_timeout(limit).read_timeout(limit).build()
}

async fn app(
    endpoint: &str,
    http_client: &SharedHttpClient,
    now: &Arc<AtomicI64>,
    variables: &[(&str, &str)],
    random: Random,
    timeouts: TimeoutConfig,
) -> App {
    let variable = variable(endpoint, variables);
    let config = Config::from_variables(&variable).unwrap();
    let client = connect(variable).await.unwrap();
    let retries = client.config().retry_config().unwrap().clone();
    let client = Client::from_conf(
        client
            .config()
            .to_builder()
            .http_client(http_client.clone())
            .timeout_config(timeouts)
            // As often as in Lambda, and at once: nobody is served by waiting for a fault to pass that a test has made.
            .retry_config(retries.with_initial_backoff(Duration::from_millis(1)))
            // The SDK counts retries per process: one test's faults would leave no retries to the others.
            .retry_partition(RetryPartition::new(format!("test-{}", next())))
            .build(),
    );
    let now = Arc::clone(now);
    let clock = Clock::from_fn(move || Timestamp::from_millis(now.load(Ordering::Relaxed)));
    let mut app = App::new(config, client, clock, random.clone()).unwrap();
    // At the real cost, of which tests of their own take care, a third of what all tests do would be hashing.
    app.passwords = PasswordHasher::with_cost(64, 1, random).unwrap();
    app
}

/// The environment of a function: `variables`, or what is set for everybody on a developer's machine.
fn variable(endpoint: &str, variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    move |name| {
        let own = variables.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let local = || if name == "AWS_ENDPOINT_URL_DYNAMODB" { Some(endpoint) } else { LOCAL.get(name).copied() };
        own.or_else(local).map(str::to_owned)
    }
}

fn next() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}
