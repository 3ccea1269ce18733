//! The connection to DynamoDB, built once per cold start and by hand, because the SDK's defaults look for what a Lambda
//! environment does not have.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    config::{
        self, BehaviorVersion, Credentials, Region, SharedHttpClient, SharedInterceptor, StalledStreamProtectionConfig,
        endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
        interceptors::InterceptorContext,
        retry::{ClassifyRetry, RetryAction, RetryConfig},
        timeout::TimeoutConfig,
    },
    error::ProvideErrorMetadata,
    operation::{delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError},
};
use lambda_http::http::Uri;

use super::{
    attempts::{LostAnswers, Watcher},
    deadline::Deadline,
    headers::NoneOfTheSdk,
    query::Keeper,
    regions,
    signature::Signature,
};
use crate::transport::{Roots, http_client};

/// A client configured from the environment: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
/// `AWS_SESSION_TOKEN`, which Lambda sets for each environment, and `AWS_ENDPOINT_URL_DYNAMODB`, which the template sets to the
/// address of DynamoDB in its Region.
///
/// Where there is an address, the client begins to connect to it at once, in a task of the Tokio runtime that this is called on;
/// where there is none, the SDK's rules find one. Where there are no credentials in the environment, the SDK's chain of
/// providers is asked, if this is built with the feature `default-credentials`.
///
/// # Errors
/// What is missing or wrong in the environment.
pub async fn connect(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    let get = |name: &str| variable(name).filter(|value| !value.is_empty());
    let address = get("AWS_ENDPOINT_URL_DYNAMODB").map(|url| address(&url)).transpose()?;
    regions::leave_out(get, address.is_some())?;
    let http = http_client(roots(address.as_ref(), get), address.clone())?;
    let mut config = match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
        (Some(key), Some(secret)) => config::Builder::new()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .credentials_provider(Credentials::new(key, secret, get("AWS_SESSION_TOKEN"), None, "environment")),
        _ => with_default_credentials(&http).await?,
    };
    if let Some(region) = get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION")) {
        config = config.region(Region::new(region));
    }
    if let Some(address) = address {
        config = config.endpoint_resolver(Fixed(Endpoint::builder().url(address.to_string()).build()));
    }
    config.push_interceptor(SharedInterceptor::permanent(Keeper));
    config.push_interceptor(SharedInterceptor::permanent(Deadline));
    config.push_interceptor(SharedInterceptor::permanent(Watcher));
    config.push_interceptor(SharedInterceptor::permanent(NoneOfTheSdk));
    let config = config
        .http_client(http)
        .retry_config(retries())
        .retry_classifier(Conflicts)
        .retry_classifier(LostAnswers)
        .push_auth_scheme(Signature::default())
        // Lambda keeps the clock, and the signature is of that.
        .disable_clock_skew_correction(true)
        .timeout_config(timeouts())
        // Watches for bodies that trickle, for which an answer of at most a megabyte has no time.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    Ok(Client::from_conf(config))
}

#[cfg(feature = "default-credentials")]
async fn with_default_credentials(http: &SharedHttpClient) -> Result<config::Builder, String> {
    let chain = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http.clone()).load().await;
    Ok(config::Builder::from(&chain))
}

#[cfg(not(feature = "default-credentials"))]
#[expect(clippy::unused_async, reason = "with the feature there is something to wait for")]
async fn with_default_credentials(_: &SharedHttpClient) -> Result<config::Builder, String> {
    Err("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set, as Lambda does; \
         a build with `--features default-credentials` finds credentials elsewhere too"
        .to_owned())
}

fn address(url: &str) -> Result<Uri, String> {
    let address = url.parse::<Uri>().ok().filter(|address| matches!(address.scheme_str(), Some("http" | "https")));
    address.ok_or_else(|| {
        format!("AWS_ENDPOINT_URL_DYNAMODB must be an address such as https://dynamodb.eu-central-1.amazonaws.com, not {url:?}")
    })
}

/// Three attempts: what fails once mostly succeeds at once after.
fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(50))
}

/// Lets the SDK send a write again that met a transaction on its item, and was not done.
#[derive(Debug)]
struct Conflicts;

impl ClassifyRetry for Conflicts {
    fn name(&self) -> &'static str {
        "transaction conflicts"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err).and_then(|error| error.as_operation_error());
        let code = error.and_then(|error| {
            let put = error.downcast_ref().and_then(PutItemError::code);
            let update = || error.downcast_ref().and_then(UpdateItemError::code);
            let delete = || error.downcast_ref().and_then(DeleteItemError::code);
            put.or_else(update).or_else(delete)
        });
        match code {
            Some("TransactionConflictException") => RetryAction::throttling_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }
}

/// DynamoDB answers in milliseconds. Whoever waits for seconds is told to come back. Several calls, one after the other, end with the
/// request's own time.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_millis(1500))
        .operation_timeout(Duration::from_secs(4))
        .build()
}

/// Whose certificates are trusted: Amazon's, at an address of Amazon's, unless `SSL_CERT_FILE` or `SSL_CERT_DIR` says which
/// are.
fn roots(address: Option<&Uri>, get: impl Fn(&str) -> Option<String>) -> Roots {
    let is_amazon = |host: &str| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
    match address {
        Some(address) if address.scheme_str() == Some("http") => Roots::None,
        _ if ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| get(name).is_some()) => Roots::System,
        Some(address) if address.host().is_some_and(is_amazon) => Roots::Amazon,
        _ => Roots::System,
    }
}

/// The one address of DynamoDB, where the SDK would apply its rules for partitions, Regions and variants to each request.
#[derive(Debug)]
struct Fixed(Endpoint);

impl ResolveEndpoint for Fixed {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
        thread::{self, JoinHandle},
    };

    use super::*;

    const EMPTY: &str = r#"{"TableNames": []}"#;

    /// Answers that many requests, each with no tables, on a single connection.
    fn serve_one_connection(requests: usize) -> (String, JoinHandle<Option<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            (0..requests).try_for_each(|_| exchange(&mut connection))
        });
        (endpoint, server)
    }

    fn exchange(connection: &mut TcpStream) -> Option<()> {
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        // Requests here are small, and come in one piece or in two: head and body.
        while !request.ends_with(b"}") {
            let read = connection.read(&mut buffer).ok().filter(|read| *read > 0)?;
            request.extend_from_slice(&buffer[..read]);
        }
        write!(connection, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{EMPTY}", EMPTY.len()).ok()
    }

    async fn client(endpoint: &str) -> Client {
        let client = connect(|name| match name {
            "AWS_ENDPOINT_URL_DYNAMODB" => Some(endpoint.to_owned()),
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("none".to_owned()),
            _ => None,
        });
        client.await.unwrap()
    }

    #[tokio::test]
    async fn every_request_uses_the_connection_that_was_opened_beforehand() {
        let (endpoint, server) = serve_one_connection(3);
        let client = client(&endpoint).await;
        for _ in 0..3 {
            client.list_tables().send().await.unwrap();
        }
        assert!(server.join().unwrap().is_some());
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_while_nobody_asked_is_replaced() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = client(&format!("http://{}", listener.local_addr().unwrap())).await;
        let server = thread::spawn(move || {
            drop(listener.accept().unwrap());
            let (mut connection, _) = listener.accept().unwrap();
            exchange(&mut connection)
        });
        client.list_tables().send().await.unwrap();
        assert!(server.join().unwrap().is_some());
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_reached_beforehand_is_the_first_requests_matter() {
        // Nobody listens on a port that was free a moment ago.
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(client(&format!("http://{free}")).await.list_tables().send().await.is_err());
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_said_to_be_wrong() {
        for url in ["not an address", "127.0.0.1:8000", "dynamodb.eu-central-1.amazonaws.com", "ftp://127.0.0.1", "/"] {
            let result = connect(|name| (name == "AWS_ENDPOINT_URL_DYNAMODB").then(|| url.to_owned())).await;
            let error = result.unwrap_err().to_string();
            assert!(error.starts_with("AWS_ENDPOINT_URL_DYNAMODB must be an address such as https://"), "{error}");
        }
    }

    #[cfg(not(feature = "default-credentials"))]
    #[tokio::test]
    async fn credentials_that_are_missing_are_said_to_be() {
        let error = connect(|_| None).await.unwrap_err().to_string();
        assert!(error.starts_with("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set"), "{error}");
    }

    #[test]
    fn amazons_certificates_are_trusted_where_amazon_answers_and_nobody_says_otherwise() {
        let roots = |address: &str, variable: &str| {
            let address = address.parse().ok();
            roots(address.as_ref(), |name| (name == variable).then(|| "somewhere".to_owned()))
        };
        for (address, variable, expected) in [
            ("https://dynamodb.eu-central-1.amazonaws.com", "", Roots::Amazon),
            ("https://dynamodb.cn-north-1.amazonaws.com.cn", "", Roots::Amazon),
            ("https://dynamodb.eu-central-1.amazonaws.com", "SSL_CERT_FILE", Roots::System),
            ("https://dynamodb.eu-central-1.amazonaws.com", "SSL_CERT_DIR", Roots::System),
            ("https://amazonaws.com.example.com", "", Roots::System),
            ("https://dynamodb.us-iso-east-1.c2s.ic.gov", "", Roots::System),
            ("http://127.0.0.1:8000", "", Roots::None),
            ("", "", Roots::System),
        ] {
            assert_eq!(roots(address, variable), expected, "{address} {variable}");
        }
    }
}
