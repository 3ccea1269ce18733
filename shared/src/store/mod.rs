//! The tables: one file per table, with every call and every attribute of that table in it. What spans tables is in `callers` (who is
//! asking), `transactions`, `recovery` (what links in mails lead to) and `purge`.

mod callers;
mod credentials;
mod deletions;
mod idempotency;
mod limits;
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

use std::sync::Arc;

use aws_sdk_dynamodb::Client;

use crate::{config::Tables, dynamodb::DynamoDb, gate::Gate};

/// The tables of the product.
#[derive(Debug, Clone)]
pub struct Store {
    dynamodb: DynamoDb,
    tables: Arc<Tables>,
}

impl Store {
    /// A store over the tables that `client` reaches.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self { dynamodb: DynamoDb::new(client), tables: Arc::new(tables) }
    }

    /// The same store, which changes nothing before a gate is open.
    #[must_use]
    pub fn behind(&self, gate: &Gate) -> Self {
        Self { dynamodb: self.dynamodb.behind(gate), tables: Arc::clone(&self.tables) }
    }

    fn client(&self) -> &Client {
        self.dynamodb.client()
    }

    async fn writer(&self) -> &Client {
        self.dynamodb.writer().await
    }
}
