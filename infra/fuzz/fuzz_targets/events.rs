//! Whatever a function is invoked with, it answers it or says that it is no request, and never that something of ours is wrong.
//! The events of `events/` are seeds. There is no store: every call of it fails.
#![no_main]

use std::sync::LazyLock;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region, retry::RetryConfig},
};
use functions::{Endpoint, Event, endpoints};
use fuzz::{CONFIG, NOW, variable};
use lambda_http::Context;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use shared::{App, clock::Clock, random::Random};
use tokio::runtime::{Builder, Runtime};

/// Time passes when nothing else is to be done: who waits before trying again does not wait.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().start_paused(true).build().unwrap());

static APP: LazyLock<App> = LazyLock::new(|| {
    let nowhere = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("key", "secret", None, None, "none"))
        .region(Region::new("eu-central-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    let config = shared::config::Config::from_variables(variable).unwrap();
    App::new(config, Client::from_conf(nowhere), Clock::from_fn(|| NOW), Random::secure()).unwrap()
});

fuzz_target!(|input: &[u8]| {
    let Ok(event) = serde_json::from_slice::<Event>(input) else { return };
    let route = serde_json::from_slice::<Value>(input).ok().map(|event| event["routeKey"].clone());
    let route = route.as_ref().and_then(Value::as_str).unwrap_or_default();
    let is_of_route = |endpoint: &&Endpoint| route == format!("{} {}", endpoint.method, endpoint.path);
    let endpoint = endpoints().find(is_of_route).unwrap_or(&functions::fallback::ENDPOINT);
    let is_request = matches!(event, Event::Request(_));
    let answer = RUNTIME.block_on(endpoint.receive(&APP, event, &Context::default()));
    assert_eq!(answer.is_some(), is_request);
    let Some(answer) = answer else { return };
    let status = answer.status_code;
    assert!((200..500).contains(&status) || [503, 504].contains(&status), "{}: {status}", endpoint.name);
    assert!(answer.headers.contains_key("x-content-type-options") && answer.headers.contains_key("cache-control"));
    // Without a store nobody is signed in.
    assert!(!answer.headers.contains_key("set-auth-token"), "{}: a session without a store", endpoint.name);
    let own = CONFIG.base_url.as_ref().unwrap();
    assert!(answer.cookies.iter().all(|cookie| cookie.contains("=; Max-Age=0;")), "{}: {own:?}", endpoint.name);
});
