//! HTTP/1.1 to DynamoDB: hyper over rustls and AWS-LC, which are in every function anyway, because the Lambda runtime is built
//! on them. The SDK's own client brings HTTP/2 along, which DynamoDB does not speak.
//!
//! The first connection is opened before anything is asked.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::config::{SharedHttpClient, http::HttpRequest};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector as SdkConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpResponse,
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use lambda_http::http::Uri;
use rustls::{ClientConfig, RootCertStore, crypto};
use tokio::{net::TcpStream, task::JoinHandle};
use tower_service::Service;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Roots of the certificates of Amazon's services: Amazon Root CA 1 to 4 and Starfield Services Root CA G2, as published at
/// <https://www.amazontrust.com/repository/>. They expire between 2037 and 2040.
const AMAZON_ROOTS: [&[u8]; 5] = [
    include_bytes!("amazon_roots/amazon_root_ca_1.der"),
    include_bytes!("amazon_roots/amazon_root_ca_2.der"),
    include_bytes!("amazon_roots/amazon_root_ca_3.der"),
    include_bytes!("amazon_roots/amazon_root_ca_4.der"),
    include_bytes!("amazon_roots/starfield_services_root_ca_g2.der"),
];

/// How long opening a TCP connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection is kept that nothing is sent on. Kept connections outlive the pauses between invocations, in which
/// an environment is frozen. A NAT gateway forgets a connection after 350 seconds without telling either end; on one that
/// DynamoDB has closed nothing is sent, because the pool notices.
const KEEP_IDLE: Duration = Duration::from_secs(300);

/// How long a connection that was opened beforehand may wait for its first request. DynamoDB closes one that stays silent.
const KEEP_UNUSED: Duration = Duration::from_secs(5);

/// How often a task stands back until the runtime, on the same thread, has asked for its first event: it connects, hands the
/// connection to a task of its own, and that sends the request.
const POLL_STEPS: usize = 4;

/// Whose certificates are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roots {
    /// Amazon's five.
    Amazon,
    /// The system's, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR` name. Reading them takes longer than everything else
    /// that a function does before its first request.
    System,
    /// Nobody's: for plain HTTP.
    None,
}

/// A client that begins to connect to `address` at once, in a task of the Tokio runtime that this is called on.
///
/// # Errors
/// What is wrong with a root certificate, or with how the TLS library was built.
pub fn http_client(roots: Roots, address: Option<Uri>) -> Result<SharedHttpClient, rustls::Error> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let connector = Connector::new(HttpsConnector::from((http, tls(roots)?)), address);
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(KEEP_IDLE)
        .build(connector);
    let connector = SharedHttpConnector::new(Hyper(client));
    Ok(http_client_fn(move |_, _| connector.clone()))
}

fn tls(roots: Roots) -> Result<ClientConfig, rustls::Error> {
    let mut trusted = RootCertStore::empty();
    match roots {
        Roots::Amazon => {
            for root in AMAZON_ROOTS {
                trusted.add(root.into())?;
            }
        }
        Roots::System => {
            trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Roots::None => {}
    }
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(config)
}

/// There was no connection, so that the request was certainly not sent.
#[derive(Debug, thiserror::Error)]
#[error("no connection: {0}")]
pub struct NotConnected(#[source] pub BoxError);

/// What the SDK sends its requests through.
#[derive(Debug)]
struct Hyper(Client<Connector, SdkBody>);

impl SdkConnector for Hyper {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            // Whatever fails here is the network's fault: the SDK may send the request again, where it is told to.
            let answer = answer.await.map_err(|error| {
                let is_unsent = error.is_connect();
                ConnectorError::io(if is_unsent { NotConnected(error.into()).into() } else { error.into() })
            })?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

type Https = HttpsConnector<HttpConnector>;
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens connections, of which the first is one that was opened beforehand: its name is looked up and its keys are agreed on
/// beside whatever else a cold start does.
#[derive(Debug, Clone)]
struct Connector {
    https: Https,
    opening: Arc<Mutex<Option<Opening>>>,
}

#[derive(Debug)]
struct Opening {
    begun: Instant,
    stream: JoinHandle<Result<Stream, BoxError>>,
}

impl Connector {
    fn new(https: Https, address: Option<Uri>) -> Self {
        let opening = address.map(|address| {
            let mut https = https.clone();
            let stream = tokio::spawn(async move {
                // The first poll goes out first.
                for _ in 0..POLL_STEPS {
                    tokio::task::yield_now().await;
                }
                https.call(address).await
            });
            Opening { begun: Instant::now(), stream }
        });
        Self { https, opening: Arc::new(Mutex::new(opening)) }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let opening = self.opening.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connect = self.https.call(address);
        Box::pin(async move {
            if let Some(opening) = opening.filter(|opening| opening.begun.elapsed() < KEEP_UNUSED) {
                // One that could not be opened may be now, and if not, this says why.
                if let Ok(Ok(stream)) = opening.stream.await {
                    return Ok(stream);
                }
            }
            connect.await
        })
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};

    use super::*;

    #[test]
    fn the_roots_are_those_that_amazon_publishes() {
        let fingerprints = AMAZON_ROOTS.map(|root| {
            let hash = digest(&SHA256, root);
            hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        });
        assert_eq!(
            fingerprints,
            [
                "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
                "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
                "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
                "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
                "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
            ]
        );
        assert!(tls(Roots::Amazon).is_ok());
    }
}
