//! Another implementation of DynamoDB in place of the embedded one, as a second opinion on expressions and keys: moto, whose address
//! `SECOND_STORE` has. `infra/second-store.sh` runs all this against it.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use serde_json::{Value, json};

use crate::world::TEMPLATE;

/// The header by which moto tells accounts apart, each with tables of its own.
const ACCOUNT: &str = "x-moto-account-id";

/// Where it listens, if that is what the suite runs against.
pub fn endpoint() -> Option<String> {
    std::env::var("SECOND_STORE").ok()
}

/// A client of tables that nobody else has.
#[derive(Debug, Clone)]
pub struct OwnTables {
    client: SharedHttpClient,
    account: String,
}

impl OwnTables {
    /// Makes the template's tables.
    pub async fn create(endpoint: &str, client: SharedHttpClient) -> SharedHttpClient {
        static ACCOUNTS: AtomicU64 = AtomicU64::new(1);
        let account = format!("{:012}", ACCOUNTS.fetch_add(1, Ordering::Relaxed));
        for (name, table) in &TEMPLATE.tables {
            ask(endpoint, &account, "CreateTable", &table.create_request(name)).await;
            if let Some(attribute) = &table.time_to_live {
                let specification = json!({"AttributeName": attribute, "Enabled": true});
                let request = json!({"TableName": name, "TimeToLiveSpecification": specification});
                ask(endpoint, &account, "UpdateTimeToLive", &request).await;
            }
        }
        SharedHttpClient::new(Self { client, account })
    }
}

async fn ask(endpoint: &str, account: &str, operation: &str, request: &Value) {
    // It looks the service up in what the signature is said to be for, and verifies nothing.
    let credential = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request";
    let answer = reqwest::Client::new()
        .post(endpoint)
        .header(ACCOUNT, account)
        .header("authorization", credential)
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("content-type", "application/x-amz-json-1.0")
        .body(request.to_string())
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{operation}: {}", answer.text().await.unwrap());
}

impl HttpClient for OwnTables {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(OwnConnector { connector, account: self.account.clone() })
    }
}

#[derive(Debug)]
struct OwnConnector {
    connector: SharedHttpConnector,
    account: String,
}

impl HttpConnector for OwnConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        request.headers_mut().insert(ACCOUNT, self.account.clone());
        self.connector.call(request)
    }
}
