//! Requests that mean no good: for each endpoint, as many as are asked for, made of the API's description and of grammars of
//! tokens, cookies, cursors and events, from a fixed seed. None of them is answered with 5xx, or with what the description does
//! not have, and none makes a function panic.
//!
//! `HOSTILE_REQUESTS` says how many for each endpoint (20), `HOSTILE_SEED` from which seed (1). With 1,000 or more, which takes
//! an optimised build and a machine that does nothing else, none may take longer than a second either:
//!
//! ```sh
//! HOSTILE_REQUESTS=10000 cargo test --profile bench -p infra --test hostile -- --nocapture
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a test says what it expects by panicking when it does not hold"
)]

#[path = "../common/description.rs"]
mod api;
mod bodies;
mod credentials;
mod requests;
mod texts;

use std::{
    collections::BTreeMap,
    io::Write as _,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use functions::{Endpoint, Event, endpoints};
use infra::{
    demo,
    dynamodb::{Data, DynamoDb},
    stack::{local_variable, template_path},
    template::Template,
};
use lambda_http::{Body, Context, aws_lambda_events::apigw::ApiGatewayV2httpResponse};
use serde_json::Value;
use shared::App;
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
};

use credentials::Credentials;
use requests::Requests;

/// From how many on it counts how long an answer takes.
const MANY: u64 = 1000;

/// After how many requests the demo account is made anew, which they may have signed out or deleted.
const SEED_EVERY: u64 = 25;

const LONGEST: Duration = Duration::from_secs(1);

fn parameter(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// What came of the requests to one endpoint.
#[derive(Default)]
struct Tally {
    statuses: BTreeMap<u16, u64>,
    /// What the function's runtime does not take for a request.
    not_requests: u64,
    slowest: Duration,
    /// What the description does not have, and the first event that was answered so.
    complaints: BTreeMap<String, String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_answered_with_5xx_or_a_panic_or_what_is_not_described() {
    let (count, seed) = (parameter("HOSTILE_REQUESTS", 20), parameter("HOSTILE_SEED", 1));
    let slots = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
    let (_stop, _dynamodb, app) = stage().await;
    let credentials = Arc::new(Credentials::of(&app).await);
    let mut running = JoinSet::new();
    for (number, endpoint) in endpoints().enumerate() {
        let (slots, credentials) = (Arc::clone(&slots), Arc::clone(&credentials));
        running.spawn(async move {
            let _slot = slots.acquire_owned().await.unwrap();
            (endpoint.name, judge(endpoint, credentials, count, seed << 16 | number as u64).await)
        });
    }
    let mut stderr = std::io::stderr();
    let tallies: BTreeMap<_, _> = running.join_all().await.into_iter().collect();
    for (name, tally) in &tallies {
        let statuses: Vec<_> = tally.statuses.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        let (statuses, slowest) = (statuses.join(", "), tally.slowest.as_millis());
        let _ = writeln!(
            stderr,
            "hostile: {name}: {count} requests ({statuses}, none: {}), at most {slowest} ms",
            tally.not_requests
        );
    }
    let complaints: Vec<_> = tallies.values().flat_map(|tally| &tally.complaints).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    if count >= MANY {
        let slow: Vec<_> = tallies.iter().filter(|(_, tally)| tally.slowest > LONGEST).map(|(name, _)| *name).collect();
        assert!(slow.is_empty(), "longer than a second: {slow:?}");
    }
}

/// A store of its own with the demo account, and the functions over it.
async fn stage() -> (watch::Sender<()>, DynamoDb, App) {
    let template = Template::read(&template_path()).unwrap();
    let (stop, stopped) = watch::channel(());
    let dynamodb = DynamoDb::start(&template, &Data::Memory, ([127, 0, 0, 1], 0).into(), stopped).await.unwrap();
    let store_url = dynamodb.endpoint();
    let app = App::from_variables(|name| match name {
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(store_url.clone()),
        name => local_variable(name),
    });
    let app = app.await.unwrap();
    demo::seed(&app).await.unwrap();
    (stop, dynamodb, app)
}

async fn judge(endpoint: &'static Endpoint, credentials: Arc<Credentials>, count: u64, seed: u64) -> Tally {
    let (mut _stop, mut _dynamodb, mut app) = stage().await;
    let mut requests = Requests::new(endpoint, credentials, seed);
    let mut tally = Tally::default();
    for number in 0..count {
        // What a deleted account has left stands in the way of the same one: then in a new store.
        if number % SEED_EVERY == SEED_EVERY - 1 && demo::seed(&app).await.is_err() {
            (_stop, _dynamodb, app) = stage().await;
        }
        let event = requests.next().to_string();
        let Ok(Event::Request(request)) = serde_json::from_str(&event) else {
            tally.not_requests += 1;
            continue;
        };
        let begun = Instant::now();
        let its_app = app.clone();
        let answer = tokio::spawn(async move { endpoint.answer(&its_app, *request, &Context::default()).await });
        let answer = answer.await.unwrap_or_else(|error| panic!("{}, {event}: {error}", endpoint.name));
        tally.slowest = tally.slowest.max(begun.elapsed());
        let (status, complaint) = seen(endpoint, answer);
        // Whatever has no body is refused for the size or the coding of one as a matter of course.
        let complaint = complaint.filter(|_| requests.takes_body() || !matches!(status, 413 | 415));
        assert!(status < 500, "{}, {event}: {status}", endpoint.name);
        if let Some(complaint) = complaint {
            tally.complaints.entry(complaint).or_insert(event);
        }
        *tally.statuses.entry(status).or_default() += 1;
    }
    tally
}

/// The status, and what the description does not have.
fn seen(endpoint: &Endpoint, answer: ApiGatewayV2httpResponse) -> (u16, Option<String>) {
    let status = u16::try_from(answer.status_code).unwrap();
    let mut headers: std::collections::BTreeSet<_> =
        answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
    headers.extend((!answer.cookies.is_empty()).then(|| "set-cookie".to_owned()));
    let media_type = answer.headers.get("content-type").map(|value| value.to_str().unwrap());
    let body = match &answer.body {
        Some(Body::Text(text)) => text.as_bytes(),
        _ => &[],
    };
    (status, api::complaint(endpoint.method, endpoint.path, &api::Seen { status, media_type, headers, body }))
}

/// The API's description.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| functions::openapi::document().unwrap());
