//! What a client of DynamoDB does, written down call by call, and what may go wrong with it.

use std::{
    ops::Range,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use serde_json::{Value, json};
use shared::transport::NotConnected;

use crate::store_answers::{all_but_one, conflict, error, server_error, unprocessed};

pub use crate::store_answers::INTERNALS;
/// One request to DynamoDB.
#[derive(Debug, Clone)]
pub struct Call {
    /// `GetItem`, `TransactWriteItems`, …
    pub operation: String,
    /// What IAM has to allow for it: an action and a table each.
    pub needs: Vec<(String, String)>,
    /// When it began and ended, on a clock that ticks at every beginning and end.
    pub begun: u64,
    pub ended: u64,
    /// What DynamoDB charges for it.
    pub read_units: f64,
    pub write_units: f64,
    /// Whether the answer has the hash of a password in it.
    pub brings_password_hash: bool,
}

/// The hashing of one password, on the same clock.
#[derive(Debug, Clone, Copy)]
pub struct Hash {
    pub begun: u64,
    pub ended: u64,
}

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing listens.
    Refused,
    /// No answer came in time.
    TimedOut,
    /// No answer comes at all.
    Silence,
    /// The call is carried out, but its answer does not arrive.
    Lost,
    /// HTTP 503 from something in between.
    NotJson,
    /// HTTP 500.
    ServerError,
    /// HTTP 400 with an error of that name.
    Error(&'static str),
    /// A transaction that met another one.
    Conflict,
    /// A batch of which nothing was read or written.
    Unprocessed,
    /// A batch of which one table's part was read, and the other tables' not.
    PartlyUnprocessed,
}

#[derive(Debug, Default)]
struct State {
    clock: u64,
    calls: Vec<Call>,
    sent: usize,
    /// Calls that have begun and not ended.
    running: usize,
    /// Those of them that count requests.
    counting: usize,
    /// Calls that count requests get no answer.
    holds_counts: bool,
    watches_hashes: bool,
    hash_begun: u64,
    hashes: Vec<Hash>,
    fault: Option<(Fault, Range<usize>)>,
}

/// An HTTP client that writes down what goes through it.
#[derive(Debug, Clone)]
pub struct Recorder {
    client: SharedHttpClient,
    state: Arc<Mutex<State>>,
}

impl Recorder {
    pub fn new(client: SharedHttpClient) -> Self {
        Self { client, state: Arc::default() }
    }

    /// It, as the SDK takes it.
    pub fn client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// The calls since the last time, in the order in which they began.
    pub fn take(&self) -> Vec<Call> {
        let mut state = self.state.lock().unwrap();
        let mut calls = std::mem::take(&mut state.calls);
        calls.sort_by_key(|call| call.begun);
        calls
    }

    /// Writes down from now on when passwords are hashed, one at a time.
    pub fn watch_hashes(&self) {
        self.state.lock().unwrap().watches_hashes = true;
    }

    /// The hashes since the last time.
    pub fn take_hashes(&self) -> Vec<Hash> {
        std::mem::take(&mut self.state.lock().unwrap().hashes)
    }

    /// Is told by the hasher that a hash is asked for, or on its own thread that it is done.
    ///
    /// What the function does beside the hash begins at once, and a store without latency has done it before the hash ends:
    /// both are waited for here, or it would depend on how busy the machine is. What waits for the hash does not begin by
    /// that: it begins when this has returned.
    pub fn hashing(&self, begins: bool) {
        let mut state = self.state.lock().unwrap();
        if !state.watches_hashes {
            return;
        }
        if begins {
            state.clock += 1;
            state.hash_begun = state.clock;
            return;
        }
        let done = Instant::now();
        loop {
            let is_followed = state.clock > state.hash_begun || done.elapsed() > Duration::from_millis(100);
            if (is_followed && state.running == 0) || done.elapsed() > Duration::from_secs(5) {
                state.clock += 1;
                let hash = Hash { begun: state.hash_begun, ended: state.clock };
                state.hashes.push(hash);
                return;
            }
            drop(state);
            std::thread::sleep(Duration::from_millis(1));
            state = self.state.lock().unwrap();
        }
    }

    /// Lets what counts requests have no answer from now on.
    pub fn hold_counts(&self) {
        self.state.lock().unwrap().holds_counts = true;
    }

    /// Returns when a call that counts a request has no answer, and nothing else has begun or ended for a while.
    pub async fn rest(&self) {
        let mut last = None;
        loop {
            let now = {
                let state = self.state.lock().unwrap();
                (state.counting > 0 && state.running == state.counting).then_some(state.clock)
            };
            if now.is_some() && now == last {
                return;
            }
            last = now;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Whether the hashing of a password has begun since [`Recorder::watch_hashes`].
    pub fn has_hashed(&self) -> bool {
        self.state.lock().unwrap().hash_begun > 0
    }

    /// Lets calls fail: those with a number in `which`, counted from now on and from 0.
    pub fn fail(&self, fault: Fault, which: Range<usize>) {
        let mut state = self.state.lock().unwrap();
        state.sent = 0;
        state.fault = Some((fault, which));
    }

    /// Lets calls succeed again.
    pub fn heal(&self) {
        self.state.lock().unwrap().fault = None;
    }
}

impl HttpClient for Recorder {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(Connector { connector, state: Arc::clone(&self.state) })
    }
}

#[derive(Debug)]
struct Connector {
    connector: SharedHttpConnector,
    state: Arc<Mutex<State>>,
}

impl HttpConnector for Connector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let (operation, mut body) = asked(&request);
        let needs = needs(&operation, &body);
        let (begun, fault, is_held) = {
            let mut state = self.state.lock().unwrap();
            state.clock += 1;
            let number = state.sent;
            state.sent += 1;
            state.running += 1;
            state.counting += usize::from(counts(&needs));
            let fault = state.fault.as_ref().filter(|(_, which)| which.contains(&number)).map(|(fault, _)| *fault);
            let fault = fault.filter(|fault| *fault != Fault::Conflict || operation == "TransactWriteItems");
            (state.clock, fault, state.holds_counts && counts(&needs))
        };
        let mut unread = json!({});
        let answer = match fault {
            _ if is_held => HttpConnectorFuture::new(std::future::pending()),
            Some(fault) if !matches!(fault, Fault::Lost | Fault::PartlyUnprocessed) => {
                HttpConnectorFuture::new(fault.answer(body.clone()))
            }
            _ => {
                if fault == Some(Fault::PartlyUnprocessed) {
                    unread = all_but_one(&mut body);
                }
                body["ReturnConsumedCapacity"] = json!("TOTAL");
                let bytes = serde_json::to_vec(&body).unwrap();
                request.headers_mut().insert("content-length", bytes.len().to_string());
                *request.body_mut() = SdkBody::from(bytes);
                self.connector.call(request)
            }
        };
        let state = Arc::clone(&self.state);
        HttpConnectorFuture::new(async move {
            let answer = match answer.await {
                Ok(answer) => match read(answer).await {
                    _ if fault == Some(Fault::Lost) => Err(ConnectorError::io(INTERNALS.into())),
                    (_, mut body) if fault == Some(Fault::PartlyUnprocessed) => {
                        body["UnprocessedKeys"] = unread;
                        Ok((response(200, body.to_string()), body))
                    }
                    answer => Ok(answer),
                },
                Err(error) => Err(error),
            };
            // What was to begin beside this call has its turn before this one counts as ended.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            // A store without latency answers calls that began together in any order. What is measured is a store in which they
            // take equally long: what counts the request is over when what was read beside it is.
            let waits =
                |state: &State| state.watches_hashes && !state.holds_counts && !counts(&needs) && state.counting > 0;
            while waits(&state.lock().unwrap()) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let units = answer.as_ref().map_or(0.0, |(_, body)| units(body));
            let brings_password_hash = answer.as_ref().is_ok_and(|(_, body)| body.to_string().contains("$argon2id$"));
            let is_read = is_read(&operation);
            let (read_units, write_units) = if is_read { (units, 0.0) } else { (0.0, units) };
            let mut state = state.lock().unwrap();
            state.clock += 1;
            let ended = state.clock;
            state.running -= 1;
            state.counting -= usize::from(counts(&needs));
            state.calls.push(Call { operation, needs, begun, ended, read_units, write_units, brings_password_hash });
            answer.map(|(answer, _)| answer)
        })
    }
}

impl Fault {
    async fn answer(self, body: Value) -> Result<HttpResponse, ConnectorError> {
        match self {
            Self::Refused => Err(ConnectorError::io(NotConnected(INTERNALS.into()).into())),
            Self::Lost | Self::PartlyUnprocessed => panic!("{self:?} is carried out"),
            Self::TimedOut => Err(ConnectorError::timeout(INTERNALS.into())),
            Self::Silence => std::future::pending().await,
            Self::NotJson => Ok(response(503, format!("<html>{INTERNALS}</html>"))),
            Self::ServerError => Ok(response(500, server_error())),
            Self::Error(name) => Ok(response(400, error(name))),
            Self::Conflict => Ok(response(400, conflict(&body))),
            Self::Unprocessed => Ok(response(200, unprocessed(&body))),
        }
    }
}

fn response(status: u16, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}

/// The whole answer, so that its body can be looked at before the client has it.
async fn read(answer: HttpResponse) -> (HttpResponse, Value) {
    let mut answer = answer;
    let body = ByteStream::new(answer.take_body()).collect().await.unwrap().into_bytes();
    let json = serde_json::from_slice(&body).unwrap_or_default();
    *answer.body_mut() = SdkBody::from(body);
    (answer, json)
}

fn units(body: &Value) -> f64 {
    match &body["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(|table| table["CapacityUnits"].as_f64().unwrap()).sum(),
        single => single["CapacityUnits"].as_f64().unwrap_or_default(),
    }
}

/// Whether a call counts a request.
pub fn counts(needs: &[(String, String)]) -> bool {
    needs.iter().any(|(_, table)| table == "Limits")
}

/// Whether an operation changes nothing.
pub fn is_read(operation: &str) -> bool {
    matches!(operation, "GetItem" | "BatchGetItem" | "Query")
}

/// What a request asks of DynamoDB: the operation, and its body.
fn asked(request: &HttpRequest) -> (String, Value) {
    let target = request.headers().get("x-amz-target").unwrap();
    let operation = target.rsplit('.').next().unwrap().to_owned();
    (operation, serde_json::from_slice(request.body().bytes().unwrap()).unwrap())
}

/// The operation that a request asks DynamoDB for, and the tables that it is about.
pub fn operation_and_tables(request: &HttpRequest) -> (String, Vec<String>) {
    let (operation, body) = asked(request);
    let tables = needs(&operation, &body).into_iter().map(|(_, table)| table).collect();
    (operation, tables)
}

/// IAM knows no action for a transaction: it looks at what is in it.
fn needs(operation: &str, body: &Value) -> Vec<(String, String)> {
    let need = |action: &str, table: &str| (format!("dynamodb:{action}"), table.to_owned());
    match operation {
        "BatchGetItem" | "BatchWriteItem" => {
            body["RequestItems"].as_object().unwrap().keys().map(|table| need(operation, table)).collect()
        }
        "TransactWriteItems" => body["TransactItems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                let (kind, write) = item.as_object().unwrap().iter().next().unwrap();
                let action =
                    if kind == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { format!("{kind}Item") };
                need(&action, write["TableName"].as_str().unwrap())
            })
            .collect(),
        _ => vec![need(operation, body["TableName"].as_str().unwrap())],
    }
}
