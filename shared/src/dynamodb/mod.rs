//! DynamoDB, with nothing of any table: the connection, items, batches, transactions, what a failed call means and
//! when it is sent again.

mod attempts;
mod backoff;
mod batch;
mod connect;
mod failure;
mod headers;
mod items;
mod regions;
mod signature;
mod transactions;

pub use attempts::Attempts;
pub use backoff::Backoff;
pub use batch::{MAX_WRITES, Read};
pub use connect::connect;
pub use failure::{is_condition_failure, store_error};
pub use items::{Item, from_item, number, string, to_item};
pub use transactions::{put_new, update};

use aws_sdk_dynamodb::Client;

/// A connection to DynamoDB.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    client: Client,
}

impl DynamoDb {
    /// A connection through `client`.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The client, for calls of a single item.
    pub fn client(&self) -> &Client {
        &self.client
    }
}
