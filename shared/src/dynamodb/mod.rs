//! DynamoDB, with nothing of any table: the connection, items, batches, transactions, what a failed call means and
//! when it is sent again.

mod attempts;
pub mod attribute;
mod backoff;
mod batch;
mod connect;
mod deadline;
mod failure;
mod headers;
mod items;
mod query;
mod regions;
mod signature;
mod transactions;

pub use attempts::Attempts;
pub use backoff::Backoff;
pub use batch::{MAX_WRITES, Read};
pub use connect::connect;
pub use deadline::until;
pub use failure::{is_condition_failure, store_error};
pub use items::{Item, from_item, number, string, to_item};
pub use query::{QueryAnswer, query};
pub use transactions::{Transacted, put_new, update};

use aws_sdk_dynamodb::Client;

use crate::gate::Gate;

/// A connection to DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    client: Client,
    gate: Gate,
}

impl DynamoDb {
    /// A connection through `client`.
    pub fn new(client: Client) -> Self {
        Self { client, gate: Gate::default() }
    }

    /// The same connection, which writes nothing before a gate is open.
    #[must_use]
    pub fn behind(&self, gate: &Gate) -> Self {
        Self { client: self.client.clone(), gate: gate.clone() }
    }

    /// The client, for reads of a single item.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The client, for writes of a single item.
    pub async fn writer(&self) -> &Client {
        self.gate.passed().await;
        &self.client
    }
}
