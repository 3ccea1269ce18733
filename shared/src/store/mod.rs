//! The tables: one file per table, with every call and every attribute of that table in it, and one for what spans tables.

mod callers;
mod credentials;
mod deletions;
mod idempotency;
mod outbox;
mod purge;
mod recovery;
mod sessions;
mod tasks;
mod transactions;
mod users;

pub use deletions::Deletion;
pub use outbox::Lease;
pub use purge::Remains;
pub use recovery::Change;
pub use tasks::ListedTasks;
pub use transactions::PasswordChange;

use aws_sdk_dynamodb::Client;

use crate::{config::Tables, dynamodb::DynamoDb};

/// The tables of the product.
#[derive(Debug, Clone)]
pub struct Store {
    dynamodb: DynamoDb,
    tables: Tables,
}

impl Store {
    /// A store over the tables that `client` reaches.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self { dynamodb: DynamoDb::new(client), tables }
    }

    fn client(&self) -> &Client {
        self.dynamodb.client()
    }
}
