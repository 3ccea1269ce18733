//! The connection to DynamoDB, built once per cold start and by hand, because the SDK's defaults look for what a Lambda
//! environment does not have.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    config::{
        BehaviorVersion, Credentials, Region, SharedHttpClient,
        endpoint::{DefaultResolver, Params, ResolveEndpoint},
        http::HttpRequest,
        retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::watch;

/// Certificates that DynamoDB's may be signed by.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon_roots.pem");

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection is kept that nothing is sent on. Kept connections outlive the pauses between invocations, in which
/// an environment is frozen. A NAT gateway forgets a connection after 350 seconds without telling either end; on one that
/// DynamoDB has closed nothing is sent, because the pool notices.
const KEEP_IDLE: Duration = Duration::from_secs(300);

/// How often a task stands back until the runtime, on the same thread, has asked for its first event: it connects, hands the
/// connection to a task of its own, and that sends the request.
const POLL_STEPS: usize = 4;

/// A client configured from the environment: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
/// `AWS_SESSION_TOKEN`, which Lambda sets for each environment, and `AWS_ENDPOINT_URL_DYNAMODB` for a local store.
/// Where there are no credentials in the environment, the SDK's own chain of providers is asked.
///
/// It begins to connect at once, in a task of the Tokio runtime that this is called on.
pub async fn connect(variable: impl Fn(&str) -> Option<String>) -> Client {
    let get = |name: &str| variable(name).filter(|value| !value.is_empty());
    let endpoint = get("AWS_ENDPOINT_URL_DYNAMODB");
    let region = get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION"));
    let connector = SharedHttpConnector::new(connector(endpoint.as_deref(), trust_store(get)));
    let http = opened_beforehand(connector, address(region.as_deref(), endpoint.as_deref()).await);
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
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(Duration::from_millis(1500))
        .operation_timeout(Duration::from_secs(4))
        .build()
}

/// Whose certificates are trusted: Amazon's five, or the system's where `SSL_CERT_FILE` or `SSL_CERT_DIR` says which those
/// are, or where DynamoDB is reached by another address than its own. Reading the system's takes longer than everything
/// else that a function does before its first request.
fn trust_store(get: impl Fn(&str) -> Option<String>) -> tls::TrustStore {
    let use_system =
        ["SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_ENDPOINT_URL_DYNAMODB"].iter().any(|name| get(name).is_some());
    if use_system { tls::TrustStore::default() } else { tls::TrustStore::empty().with_pem_certificate(AMAZON_ROOTS) }
}

fn connector(endpoint: Option<&str>, trust_store: tls::TrustStore) -> Connector {
    let builder = Connector::builder()
        .connector_settings(HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build())
        .pool_idle_timeout(KEEP_IDLE);
    // A local store speaks plain HTTP: no certificates are read for it.
    if endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")) {
        return builder.build_http();
    }
    let builder = builder.tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc));
    match tls::TlsContext::builder().with_trust_store(trust_store).build() {
        Ok(context) => builder.tls_context(context).build(),
        // The system's certificates are what a context has that nobody has set.
        Err(_) => builder.build(),
    }
}

/// Where requests will be sent to, if that can be told beforehand.
async fn address(region: Option<&str>, endpoint: Option<&str>) -> Option<String> {
    let parameters = Params::builder()
        .set_region(region.map(str::to_owned))
        .set_endpoint(endpoint.map(str::to_owned))
        .build()
        .ok()?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&parameters).await.ok()?;
    Some(endpoint.url().to_owned())
}

/// A client whose first connection is opened beside whatever else a cold start does: the name is looked up and keys are
/// agreed on while the runtime asks for its first event. A request that comes meanwhile waits for that connection, instead
/// of opening another.
fn opened_beforehand(connector: SharedHttpConnector, address: Option<String>) -> SharedHttpClient {
    let (opened, opening) = watch::channel(());
    if let Some(address) = address {
        let connector = connector.clone();
        tokio::spawn(async move {
            // The first poll goes out first.
            for _ in 0..POLL_STEPS {
                tokio::task::yield_now().await;
            }
            // One that cannot be opened now may be when it is needed, and if not, that request says why.
            let _ = tokio::time::timeout(CONNECT_TIMEOUT, ping(&connector, &address)).await;
            drop(opened);
        });
    }
    let connector = SharedHttpConnector::new(OpenedBeforehand { connector, opening });
    http_client_fn(move |_, _| connector.clone())
}

/// Asks DynamoDB whether it is healthy, which takes no permission, and costs nothing. The whole answer is read, because only
/// then the connection is free for the next request.
async fn ping(connector: &SharedHttpConnector, address: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let answer = connector.call(HttpRequest::get(address)?).await?;
    ByteStream::new(answer.into_body()).collect().await?;
    Ok(())
}

/// Sends requests as soon as there is a connection for them, or there is none to be had beforehand.
#[derive(Debug)]
struct OpenedBeforehand {
    connector: SharedHttpConnector,
    /// Closed when opening has ended, well or badly.
    opening: watch::Receiver<()>,
}

impl HttpConnector for OpenedBeforehand {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.connector.clone();
        let mut opening = self.opening.clone();
        HttpConnectorFuture::new(async move {
            // Nothing is ever sent: this ends, with an error, when the sender is dropped.
            let _ = opening.changed().await;
            connector.call(request).await
        })
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

    /// Answers requests on a single connection, and returns their first lines.
    fn serve_one_connection(answers: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            answers.iter().map(|answer| exchange(&mut connection, answer)).collect()
        });
        (endpoint, server)
    }

    fn exchange(connection: &mut TcpStream, answer: &str) -> String {
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        // Requests here are small, and come in one piece or in two: head and body.
        while !request.starts_with(b"GET") && !request.ends_with(b"}") || request.is_empty() {
            let read = connection.read(&mut buffer).unwrap();
            assert!(read > 0, "the connection was closed");
            request.extend_from_slice(&buffer[..read]);
        }
        write!(connection, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).unwrap();
        String::from_utf8_lossy(&request).lines().next().unwrap().to_owned()
    }

    async fn client(endpoint: String) -> Client {
        connect(|name| match name {
            "AWS_ENDPOINT_URL_DYNAMODB" => Some(endpoint.clone()),
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("none".to_owned()),
            _ => None,
        })
        .await
    }

    #[tokio::test]
    async fn the_first_request_uses_the_connection_that_was_opened_beforehand() {
        let (endpoint, server) = serve_one_connection(&["healthy", r#"{"TableNames": []}"#]);
        client(endpoint).await.list_tables().send().await.unwrap();
        assert_eq!(server.join().unwrap(), ["GET / HTTP/1.1", "POST / HTTP/1.1"]);
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_reached_beforehand_is_the_first_requests_matter() {
        // Nobody listens on a port that was free a moment ago.
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(client(format!("http://{free}")).await.list_tables().send().await.is_err());
    }

    #[tokio::test]
    async fn tells_the_address_beforehand() {
        let address = address(Some("eu-central-1"), None).await;
        assert_eq!(address.as_deref(), Some("https://dynamodb.eu-central-1.amazonaws.com"));
    }

    #[test]
    fn amazons_roots_are_certificates() {
        assert_eq!(AMAZON_ROOTS.windows(27).filter(|text| text == b"-----BEGIN CERTIFICATE-----").count(), 5);
        // Panics if one of them is not.
        connector(None, trust_store(|_| None));
    }
}
