//! The connection to DynamoDB, built once per cold start and by hand, because the SDK's defaults look for what a Lambda
//! environment does not have.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig},
};
use aws_smithy_http_client::{Builder, tls};

/// A client configured from the environment: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
/// `AWS_SESSION_TOKEN`, which Lambda sets for each environment, and `AWS_ENDPOINT_URL_DYNAMODB` for a local store.
/// Where there are no credentials in the environment, the SDK's own chain of providers is asked.
pub async fn connect(variable: impl Fn(&str) -> Option<String>) -> Client {
    let get = |name: &str| variable(name).filter(|value| !value.is_empty());
    let endpoint = get("AWS_ENDPOINT_URL_DYNAMODB");
    let http = http_client(endpoint.as_deref());
    let region = get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION"));
    let mut config = match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
        (Some(key), Some(secret)) => aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .credentials_provider(Credentials::new(key, secret, get("AWS_SESSION_TOKEN"), None, "environment")),
        _ => {
            let chain = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http.clone()).load().await;
            aws_sdk_dynamodb::config::Builder::from(&chain)
        }
    };
    if let Some(region) = region {
        config = config.region(Region::new(region));
    }
    if let Some(endpoint) = endpoint {
        config = config.endpoint_url(endpoint);
    }
    Client::from_conf(config.http_client(http).retry_config(retries()).timeout_config(timeouts()).build())
}

/// Three attempts: what fails once mostly succeeds at once after.
fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50))
}

/// DynamoDB answers in milliseconds. Whoever waits for seconds is told to come back, well before the function's own time
/// of ten seconds is over.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_millis(1500))
        .operation_timeout(Duration::from_secs(4))
        .build()
}

fn http_client(endpoint: Option<&str>) -> SharedHttpClient {
    match endpoint {
        // A local store speaks plain HTTP: no certificates are read for it.
        Some(endpoint) if endpoint.starts_with("http://") => Builder::new().build_http(),
        _ => Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc)).build_https(),
    }
}
