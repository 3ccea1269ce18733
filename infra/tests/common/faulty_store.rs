//! The functions over a store that misbehaves: a proxy between the two does to their calls what networks and a busy DynamoDB
//! do, from a seed.

use std::{
    collections::{HashMap, HashSet},
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_sdk_dynamodb::{Client, config::timeout::TimeoutConfig};
use infra::{
    gateway::Gateway,
    stack::{Options, Stack, local_variable, template_path},
    template::Template,
};
use serde_json::{Value, json};
use shared::{App, clock::Clock, config::Config, dynamodb::connect, random::Random};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{sleep, timeout},
};

use crate::store_answers::{all_but_one, conflict, error, server_error, unprocessed};

/// What happens to calls.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// What is drawn is drawn from this. The order in which calls come is the machine's, so a run is not repeated exactly.
    pub seed: u64,
    /// Of a thousand calls, how many something happens to.
    pub per_mille: u64,
    /// Whether writes that meet a transaction on an item conflict, as they do in DynamoDB; the embedded store has one after the
    /// other wait.
    pub conflicts: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It is turned away, because of too many.
    Throttled,
    /// It arrives late.
    Delayed,
    /// It arrives after one that was sent later.
    Overtaken,
    /// The connection is cut before it arrives.
    Reset,
    /// It is not carried out, and answered with 500.
    ServerError,
    /// It is carried out, and the connection is cut before the answer arrives.
    AnswerLost,
    /// It meets a transaction.
    Conflict,
    /// A batch of which nothing is done.
    Unprocessed,
    /// A batch of which one table's part is done.
    PartlyUnprocessed,
}

/// The most that a call is late, in milliseconds: well within the time that an attempt has.
const LATEST_MILLIS: u64 = 60;

/// How long one call of the functions may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a transaction keeps others off its items.
const TRANSACTION_TIME: Duration = Duration::from_millis(3);

/// The functions, a gateway in front of them, and behind them the proxy and the store.
pub struct FaultyStack {
    pub api_url: String,
    /// What the functions are given.
    pub app: App,
    /// Calls that the functions made, and those of them that something happened to.
    pub calls: Arc<AtomicU64>,
    pub faults: Arc<AtomicU64>,
    _store: Stack,
}

impl FaultyStack {
    /// Starts everything on the runtime of the caller, with whose end it ends.
    pub async fn start(faults: Faults) -> Self {
        let store = Stack::start(Options { dynamodb_only: true, ..Options::default() }).await.unwrap();
        let mut template = Template::read(&template_path()).unwrap();
        for function in template.functions.values_mut() {
            function.timeout_seconds = PATIENCE.as_secs();
        }
        let (calls, hit) = (Arc::default(), Arc::default());
        let proxy = Proxy {
            store_url: store.dynamodb_url(),
            http: reqwest::Client::builder().tls_certs_only(std::iter::empty()).build().unwrap(),
            faults,
            random: Mutex::new(fastrand::Rng::with_seed(faults.seed)),
            keys: keys(&template),
            locked: Mutex::default(),
            passed: Notify::new(),
            calls: Arc::clone(&calls),
            hit: Arc::clone(&hit),
        };
        let proxy_url = Arc::new(proxy).serve().await;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let origins = template.cors.allow_origins.join(",");
        let variable = |name: &str| match name {
            "AWS_ENDPOINT_URL_DYNAMODB" => Some(proxy_url.clone()),
            "BASE_URL" => Some(api_url.clone()),
            "CORS_ORIGINS" => Some(origins.clone()),
            name => local_variable(name),
        };
        let client = connect(variable).await.unwrap();
        // The embedded store is always there, and slow where the machine is busy with something else.
        let patient = TimeoutConfig::builder().operation_timeout(PATIENCE).operation_attempt_timeout(PATIENCE);
        let patient = patient.connect_timeout(PATIENCE).read_timeout(PATIENCE).build();
        let client = Client::from_conf(client.config().to_builder().timeout_config(patient).build());
        let config = Config::from_variables(variable).unwrap();
        let app = App::new(config, client, Clock::system(), Random::secure()).unwrap();
        let router = Gateway::new(&template, app.clone()).unwrap().into_router();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { api_url, app, calls, faults: hit, _store: store }
    }
}

/// The attributes of each table's key.
fn keys(template: &Template) -> HashMap<String, Vec<String>> {
    let names = |schema: &Value| {
        let parts = schema["KeySchema"].as_array().unwrap().iter();
        parts.map(|part| part["AttributeName"].as_str().unwrap().to_owned()).collect()
    };
    template.tables.iter().map(|(name, table)| (name.clone(), names(&table.create_request(name)))).collect()
}

struct Proxy {
    store_url: String,
    http: reqwest::Client,
    faults: Faults,
    random: Mutex<fastrand::Rng>,
    keys: HashMap<String, Vec<String>>,
    /// Items that a transaction is about.
    locked: Mutex<HashSet<String>>,
    /// Rung whenever a call was carried out.
    passed: Notify,
    calls: Arc<AtomicU64>,
    hit: Arc<AtomicU64>,
}

/// A request of HTTP/1.1, as the SDK writes it.
struct Asked {
    headers: Vec<(String, String)>,
    operation: String,
    body: Value,
}

impl Proxy {
    async fn serve(self: Arc<Self>) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let proxy = Arc::clone(&self);
                tokio::spawn(async move { proxy.converse(connection).await });
            }
        });
        url
    }

    /// Answers one call after the other, until either end of the connection or a fault ends it.
    async fn converse(&self, connection: TcpStream) {
        let mut connection = BufReader::new(connection);
        while let Some(asked) = read(&mut connection).await {
            let Some((status, body)) = self.answer(asked).await else {
                // Not closed, but reset: what the other end has in its hands is gone.
                let _ = connection.get_ref().set_zero_linger();
                return;
            };
            let head = format!(
                "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            if connection.get_mut().write_all(&[head.as_bytes(), &body].concat()).await.is_err() {
                return;
            }
        }
    }

    /// The status and the body; `None`: nobody hears of it.
    async fn answer(&self, mut asked: Asked) -> Option<(u16, Vec<u8>)> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let fault = self.draw(&asked.operation);
        self.hit.fetch_add(u64::from(fault.is_some()), Ordering::Relaxed);
        let mut unread = json!({});
        match fault {
            None | Some(Fault::AnswerLost) => {}
            Some(Fault::Throttled) => return Some((400, error("ThrottlingException").into())),
            Some(Fault::Reset) => return None,
            Some(Fault::ServerError) => return Some((500, server_error().into())),
            Some(Fault::Conflict) => return Some((400, met(&asked).into())),
            Some(Fault::Unprocessed) => return Some((200, unprocessed(&asked.body).into())),
            Some(Fault::PartlyUnprocessed) => unread = all_but_one(&mut asked.body),
            Some(Fault::Delayed) => {
                let millis = self.random.lock().unwrap().u64(1..=LATEST_MILLIS);
                sleep(Duration::from_millis(millis)).await;
            }
            Some(Fault::Overtaken) => {
                let _ = timeout(Duration::from_millis(LATEST_MILLIS), self.passed.notified()).await;
            }
        }
        let Some(lock) = self.lock(&asked) else { return Some((400, met(&asked).into())) };
        let (status, mut body) = self.forward(asked).await;
        if !lock.items.is_empty() {
            sleep(TRANSACTION_TIME).await;
        }
        drop(lock);
        self.passed.notify_waiters();
        if fault == Some(Fault::PartlyUnprocessed) {
            let mut answer: Value = serde_json::from_slice(&body).unwrap();
            answer["UnprocessedKeys"] = unread;
            body = answer.to_string().into();
        }
        (fault != Some(Fault::AnswerLost)).then_some((status, body))
    }

    fn draw(&self, operation: &str) -> Option<Fault> {
        let mut random = self.random.lock().unwrap();
        if random.u64(0..1000) >= self.faults.per_mille {
            return None;
        }
        let of_all =
            [Fault::Throttled, Fault::Delayed, Fault::Overtaken, Fault::Reset, Fault::ServerError, Fault::AnswerLost];
        let own: &[Fault] = match operation {
            "BatchGetItem" => &[Fault::Unprocessed, Fault::PartlyUnprocessed],
            "TransactWriteItems" | "PutItem" | "UpdateItem" | "DeleteItem" => &[Fault::Conflict],
            _ => &[],
        };
        let choice = random.usize(0..of_all.len() + own.len());
        of_all.iter().chain(own).nth(choice).copied()
    }

    async fn forward(&self, asked: Asked) -> (u16, Vec<u8>) {
        let mut request = self.http.post(&self.store_url).body(asked.body.to_string());
        for (name, value) in asked.headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    /// Keeps others off the items that a call writes; `None` if a transaction keeps this one off.
    fn lock(&self, asked: &Asked) -> Option<Lock<'_>> {
        let held = |items| Some(Lock { proxy: self, items });
        if !self.faults.conflicts {
            return held(Vec::new());
        }
        let items: Vec<String> = match asked.operation.as_str() {
            "TransactWriteItems" => {
                let writes = asked.body["TransactItems"].as_array().unwrap().iter();
                writes.map(|write| self.item(write.as_object().unwrap().values().next().unwrap())).collect()
            }
            "PutItem" | "UpdateItem" | "DeleteItem" => vec![self.item(&asked.body)],
            _ => return held(Vec::new()),
        };
        let mut locked = self.locked.lock().unwrap();
        if items.iter().any(|item| locked.contains(item)) {
            return None;
        }
        // Single writes wait for one another, and are over at once.
        if asked.operation != "TransactWriteItems" {
            drop(locked);
            return held(Vec::new());
        }
        locked.extend(items.iter().cloned());
        held(items)
    }

    /// The table and the key of what is written.
    fn item(&self, write: &Value) -> String {
        let table = write["TableName"].as_str().unwrap();
        let attributes = [&write["Key"], &write["Item"]].into_iter().find(|part| part.is_object()).unwrap();
        let key: Vec<_> = self.keys[table].iter().map(|name| attributes[name].to_string()).collect();
        format!("{table} {}", key.join(" "))
    }
}

/// Items that are a transaction's until this is dropped.
struct Lock<'a> {
    proxy: &'a Proxy,
    items: Vec<String>,
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        let mut locked = self.proxy.locked.lock().unwrap();
        for item in &self.items {
            locked.remove(item);
        }
    }
}

/// The answer to a write that meets a transaction.
fn met(asked: &Asked) -> String {
    if asked.operation == "TransactWriteItems" { conflict(&asked.body) } else { error("TransactionConflictException") }
}

async fn read(connection: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers: Vec<_> = lines.iter().filter_map(|line| line.split_once(": ")).collect();
    let value = |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let mut body = vec![0; value("content-length")?.parse().ok()?];
    connection.read_exact(&mut body).await.ok()?;
    let operation = value("x-amz-target")?.rsplit('.').next()?.to_owned();
    let is_kept = |name: &str| !["host", "content-length", "connection"].contains(&name.to_ascii_lowercase().as_str());
    let kept = headers.iter().filter(|(name, _)| is_kept(name));
    let headers = kept.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Some(Asked { headers, operation, body: serde_json::from_slice(&body).ok()? })
}
