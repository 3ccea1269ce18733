//! DynamoDB as the functions under measurement see it: the embedded store behind a proxy, which can be as far away as the real one,
//! notes when it was busy, and asks what a call would cost.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use infra::{
    dynamodb::{Data, DynamoDb},
    template::Template,
};
use serde_json::{Value, json};
use tokio::{runtime::Runtime, sync::watch};

use crate::{
    Result,
    http::{Connection, Message, listen},
};

/// The embedded store with its proxy.
pub(crate) struct Store {
    direct: Connection,
    proxy: SocketAddr,
    shared: Arc<Shared>,
    /// The names of every table's key attributes.
    keys: BTreeMap<String, Vec<String>>,
    /// What drives the embedded store; it ends with these.
    _runtime: Runtime,
    _stop: watch::Sender<()>,
}

#[derive(Default)]
struct Shared {
    latency_us: AtomicU64,
    asks_for_capacity: AtomicBool,
    calls: Mutex<Vec<Call>>,
}

/// One request to DynamoDB.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `GetItem`, …
    pub(crate) operation: String,
    /// When it had arrived.
    pub(crate) arrived: Instant,
    /// When its answer was sent.
    pub(crate) answered: Instant,
    /// The request units it costs, if that was asked for.
    pub(crate) units: f64,
}

impl Call {
    /// Whether it changes anything.
    pub(crate) fn is_write(&self) -> bool {
        !matches!(self.operation.as_str(), "GetItem" | "BatchGetItem" | "Query")
    }
}

/// The calls of one request.
#[derive(Debug, Default)]
pub(crate) struct Calls(pub(crate) Vec<Call>);

impl Calls {
    /// The time in which DynamoDB was busy with any of them.
    pub(crate) fn busy(&self) -> Duration {
        let mut calls: Vec<_> = self.0.iter().map(|call| (call.arrived, call.answered)).collect();
        calls.sort_unstable();
        let mut merged: Vec<(Instant, Instant)> = Vec::new();
        for (arrived, answered) in calls {
            match merged.last_mut() {
                Some((_, end)) if arrived <= *end => *end = answered.max(*end),
                _ => merged.push((arrived, answered)),
            }
        }
        merged.iter().map(|(from, to)| *to - *from).sum()
    }

    /// Read and write request units.
    pub(crate) fn units(&self) -> (f64, f64) {
        let of = |writes: bool| self.0.iter().filter(move |call| call.is_write() == writes);
        let sum = |writes: bool| of(writes).fold(0.0, |sum, call| sum + call.units);
        (sum(false), sum(true))
    }
}

/// The items of every table.
pub(crate) type Snapshot = BTreeMap<String, BTreeMap<String, Value>>;

impl Store {
    /// Starts an empty store with the tables of the template.
    pub(crate) fn start(template: &Template) -> Result<Self> {
        let runtime = Runtime::new()?;
        let (stop, stopped) = watch::channel(());
        let store =
            runtime.block_on(DynamoDb::start(template, &Data::Memory, (Ipv4Addr::LOCALHOST, 0).into(), stopped))?;
        let shared = Arc::new(Shared::default());
        let proxied = Arc::clone(&shared);
        let behind = store.address;
        let proxy = listen(move |connection| relay(connection, behind, &proxied))?;
        let direct = Connection::open(behind)?;
        let mut store = Self { direct, proxy, shared, keys: BTreeMap::new(), _runtime: runtime, _stop: stop };
        store.find_tables()?;
        Ok(store)
    }

    /// Takes notice of tables that others have made.
    pub(crate) fn find_tables(&mut self) -> Result<()> {
        let answer = self.call("ListTables", &json!({}))?;
        let names = answer.get("TableNames").and_then(Value::as_array).into_iter().flatten();
        for name in names.filter_map(Value::as_str) {
            let table = self.call("DescribeTable", &json!({"TableName": name}))?;
            let schema = table.pointer("/Table/KeySchema").and_then(Value::as_array).into_iter().flatten();
            let key = schema.filter_map(|element| element.get("AttributeName")?.as_str().map(str::to_owned));
            self.keys.insert(name.to_owned(), key.collect());
        }
        Ok(())
    }

    /// The URL that functions reach the store by.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.proxy)
    }

    /// Puts the store as far away as that.
    pub(crate) fn set_latency(&self, latency: Duration) {
        let microseconds = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.shared.latency_us.store(microseconds, Ordering::Relaxed);
    }

    /// Has every call say what it costs.
    pub(crate) fn ask_for_capacity(&self, asks: bool) {
        self.shared.asks_for_capacity.store(asks, Ordering::Relaxed);
    }

    /// The calls since the last time this was asked.
    pub(crate) fn calls(&self) -> Calls {
        Calls(std::mem::take(&mut *self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Calls DynamoDB without proxy and SDK.
    pub(crate) fn call(&mut self, operation: &str, request: &Value) -> Result<Value> {
        let header = |name: &str, value: String| (name.to_owned(), value);
        let answer = self.direct.exchange(&Message {
            start: "POST / HTTP/1.1".to_owned(),
            headers: vec![
                header("host", "localhost".to_owned()),
                header("content-type", "application/x-amz-json-1.0".to_owned()),
                header("x-amz-target", format!("DynamoDB_20120810.{operation}")),
                header("authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0".to_owned()),
                header("x-amz-date", "20260101T000000Z".to_owned()),
            ],
            body: serde_json::to_vec(request)?,
        })?;
        let value = serde_json::from_slice(&answer.body)?;
        if answer.start.contains(" 200 ") { Ok(value) } else { Err(format!("{operation}: {value}").into()) }
    }

    /// Every item there is; for a store with few.
    pub(crate) fn snapshot(&mut self) -> Result<Snapshot> {
        let mut snapshot = Snapshot::new();
        for table in self.keys.keys().cloned().collect::<Vec<_>>() {
            let answer = self.call("Scan", &json!({"TableName": table, "ConsistentRead": true}))?;
            let items = answer.get("Items").and_then(Value::as_array).cloned().unwrap_or_default();
            let items = items.into_iter().map(|item| (self.key(&table, &item).to_string(), item)).collect();
            snapshot.insert(table, items);
        }
        Ok(snapshot)
    }

    /// Brings the store back to what it was.
    pub(crate) fn restore(&mut self, before: &Snapshot) -> Result<()> {
        for (table, items) in self.snapshot()? {
            let old = before.get(&table).cloned().unwrap_or_default();
            for (key, item) in &items {
                if !old.contains_key(key) {
                    let key = self.key(&table, item);
                    self.call("DeleteItem", &json!({"TableName": table, "Key": key}))?;
                }
            }
            for (key, item) in old {
                if items.get(&key) != Some(&item) {
                    self.call("PutItem", &json!({"TableName": table, "Item": item}))?;
                }
            }
        }
        Ok(())
    }

    /// Puts many items into a table.
    pub(crate) fn fill(&mut self, table: &str, items: impl Iterator<Item = Value>) -> Result<()> {
        let mut batch = Vec::new();
        let mut items = items.peekable();
        while let Some(item) = items.next() {
            batch.push(json!({"PutRequest": {"Item": item}}));
            if batch.len() == 25 || items.peek().is_none() {
                self.call("BatchWriteItem", &json!({"RequestItems": {table: std::mem::take(&mut batch)}}))?;
            }
        }
        Ok(())
    }

    fn key(&self, table: &str, item: &Value) -> Value {
        let names = self.keys.get(table).into_iter().flatten();
        names.filter_map(|name| item.get(name).map(|value| (name.clone(), value.clone()))).collect()
    }
}

fn relay(mut function: Connection, store: SocketAddr, shared: &Shared) -> io::Result<()> {
    let mut store = Connection::open(store)?;
    while let Some(mut request) = function.read()? {
        let arrived = Instant::now();
        let operation = request.header("x-amz-target").and_then(|target| target.rsplit('.').next()).map(str::to_owned);
        let asks = operation.is_some() && shared.asks_for_capacity.load(Ordering::Relaxed);
        if asks {
            let mut body: Value = serde_json::from_slice(&request.body)?;
            if let Some(body) = body.as_object_mut() {
                body.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
            }
            request.body = serde_json::to_vec(&body)?;
        }
        let answer = store.exchange(&request)?;
        thread::sleep(Duration::from_micros(shared.latency_us.load(Ordering::Relaxed)));
        let units = if asks { units(&serde_json::from_slice(&answer.body)?) } else { 0.0 };
        if let Some(operation) = operation {
            let call = Call { operation, arrived, answered: Instant::now(), units };
            shared.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        }
        function.write(&answer)?;
    }
    Ok(())
}

/// What `ConsumedCapacity` says, which is one object or a list with one for each table.
fn units(answer: &Value) -> f64 {
    let consumed = answer.get("ConsumedCapacity");
    let tables = consumed.map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    let units = tables.into_iter().flatten().filter_map(|table| table.get("CapacityUnits").and_then(Value::as_f64));
    units.sum()
}
