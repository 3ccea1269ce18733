//! An embedded DynamoDB: the template's tables in SQLite, behind DynamoDB's own HTTP API.

use std::{
    fs::{self, File, TryLockError},
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use dynoxide::{
    Database,
    actions::{
        create_table::CreateTableRequest, list_tables::ListTablesRequest, update_time_to_live::UpdateTimeToLiveRequest,
    },
};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::interval};

use crate::template::Template;

/// Where the data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Nowhere: it ends with the process.
    Memory,
    /// In a directory, where it survives.
    Directory(PathBuf),
}

/// Why the store cannot be started: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DynamoDbError {
    /// The data directory cannot be used.
    #[error("the data directory {path} cannot be used ({source}); choose another with --data")]
    Directory {
        /// The directory.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Another process has the data.
    #[error("the data in {0} is in use by another process; stop that one, or choose another directory with --data")]
    Locked(String),
    /// The file is not one of ours.
    #[error("the data in {path} cannot be opened ({reason}); move it away, or choose another directory with --data")]
    Unusable {
        /// The directory.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A table cannot be made.
    #[error("the table {table} of template.yaml cannot be made: {reason}")]
    Table {
        /// The table.
        table: String,
        /// Why not.
        reason: String,
    },
    /// The address is another machine's.
    #[error("{0} is no address of this machine; choose another with --dynamodb-host")]
    Host(IpAddr),
    /// The port is taken.
    #[error("port {port} cannot be listened on ({source}); stop what uses it, or choose another with --dynamodb-port")]
    Port {
        /// The port.
        port: u16,
        /// Why not.
        source: io::Error,
    },
}

/// A running store.
pub struct DynamoDb {
    /// Where it listens.
    pub address: SocketAddr,
    /// The store itself, for those in the same process.
    pub database: Database,
    server: JoinHandle<()>,
    sweeper: JoinHandle<()>,
    /// Held as long as the data is in use.
    _lock: Option<File>,
}

impl std::fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoDb").field("address", &self.address).finish_non_exhaustive()
    }
}

/// How often expired items are deleted. The real service takes hours to days; readers must not rely on either.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

impl DynamoDb {
    /// Opens the data, makes the template's tables that are not there yet, and serves them at `address` until `stop` changes;
    /// port 0 picks a free one. Whoever reaches the address may read and change everything: nothing is asked for.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn start(
        template: &Template,
        data: &Data,
        address: SocketAddr,
        mut stop: watch::Receiver<()>,
    ) -> Result<Self, DynamoDbError> {
        let (database, lock) = open(data)?;
        create_tables(&database, template)?;
        let unreachable = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrNotAvailable => DynamoDbError::Host(address.ip()),
            _ => DynamoDbError::Port { port: address.port(), source },
        };
        let listener = TcpListener::bind(address).await.map_err(unreachable)?;
        let address = listener.local_addr().map_err(unreachable)?;

        let swept = database.clone();
        let mut swept_until = stop.clone();
        let sweeper = tokio::spawn(async move {
            let mut ticks = interval(SWEEP_EVERY);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = swept_until.changed() => return,
                }
                let database = swept.clone();
                // What cannot be swept now is swept next time; readers compare the times themselves.
                let _ = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
            }
        });
        let served = database.clone();
        let server = tokio::spawn(async move {
            let stopped = async move {
                let _ = stop.changed().await;
            };
            let _ = dynoxide::server::serve_with_shutdown(listener, served, stopped).await;
        });
        Ok(Self { address, database, server, sweeper, _lock: lock })
    }

    /// The URL to give to a client as its endpoint.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until the requests under way are answered, after `stop` has changed.
    pub async fn stopped(self) {
        let _ = self.sweeper.await;
        let _ = self.server.await;
    }
}

fn open(data: &Data) -> Result<(Database, Option<File>), DynamoDbError> {
    let Data::Directory(directory) = data else {
        let reason = |error: dynoxide::DynoxideError| DynamoDbError::Unusable {
            path: "memory".to_owned(),
            reason: error.to_string(),
        };
        return Ok((Database::memory().map_err(reason)?, None));
    };
    let path = directory.display().to_string();
    let lock = lock(directory).map_err(|error| match error {
        TryLockError::WouldBlock => DynamoDbError::Locked(path.clone()),
        TryLockError::Error(source) => DynamoDbError::Directory { path: path.clone(), source },
    })?;
    let file = directory.join("dynamodb.sqlite");
    let database = Database::new(&file.display().to_string())
        .map_err(|error| DynamoDbError::Unusable { path, reason: error.to_string() })?;
    Ok((database, Some(lock)))
}

fn lock(directory: &Path) -> Result<File, TryLockError> {
    fs::create_dir_all(directory).map_err(TryLockError::Error)?;
    let file = File::create(directory.join("lock")).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

fn create_tables(database: &Database, template: &Template) -> Result<(), DynamoDbError> {
    for (name, table) in &template.tables {
        let failed = |reason: String| DynamoDbError::Table { table: name.clone(), reason };
        let existing = database.list_tables(ListTablesRequest::default()).map_err(|error| failed(error.to_string()))?;
        if existing.table_names.contains(name) {
            continue;
        }
        let request: CreateTableRequest =
            serde_json::from_value(table.create_request(name)).map_err(|error| failed(error.to_string()))?;
        database.create_table(request).map_err(|error| failed(error.to_string()))?;
        if let Some(attribute) = &table.time_to_live {
            let request: UpdateTimeToLiveRequest = serde_json::from_value(json!({
                "TableName": name,
                "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": true},
            }))
            .map_err(|error| failed(error.to_string()))?;
            database.update_time_to_live(request).map_err(|error| failed(error.to_string()))?;
        }
    }
    Ok(())
}
