//! DynamoDB: one file per table, with every call and every attribute of that table in it.

mod accounts;
mod callers;
mod client;
mod credentials;
mod http_client;
mod idempotency;
mod sessions;
mod tasks;
mod users;

pub use client::connect;
pub use credentials::Credential;
pub use idempotency::IdempotencyKey;
pub use tasks::Precondition;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason, TransactWriteItem},
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

use crate::{Error, config::Tables};

/// An item as DynamoDB has it.
type Item = HashMap<String, AttributeValue>;

/// The tables of the product.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    tables: Tables,
}

impl Store {
    /// A store over the tables that `client` reaches.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self { client, tables }
    }
}

fn string(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn to_item(row: &impl Serialize) -> Result<Item, Error> {
    serde_dynamo::to_item(row).map_err(Error::internal)
}

fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(Error::internal)
}

/// Whether a write was not done because its condition did not hold.
fn is_unmet<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("ConditionalCheckFailedException")
}

/// What a failed call means for the request: that it may be sent again, or that something of ours is wrong.
fn failed<E>(error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let may_pass = match &error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(service) => {
            service.raw().status().is_server_error()
                || matches!(
                    service.err().code(),
                    Some(
                        "ProvisionedThroughputExceededException"
                            | "ThrottlingException"
                            | "RequestLimitExceeded"
                            | "TransactionConflictException"
                            | "TransactionInProgressException"
                    )
                )
        }
        _ => false,
    };
    let cause = error.into_source().unwrap_or_else(Into::into);
    if may_pass { Error::Unavailable(cause) } else { Error::Internal(cause) }
}

/// How often a transaction is tried that keeps meeting another one on the same items.
const TRANSACTION_ATTEMPTS: u32 = 4;

impl Store {
    /// Carries out a transaction: `None` when it was, or the reasons, one for each write, when a condition did not hold.
    ///
    /// One that meets another on the same items is sent again, which the SDK does not do by itself.
    async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Option<Vec<CancellationReason>>, Error> {
        for _ in 1..TRANSACTION_ATTEMPTS {
            match self.transact_once(writes.clone()).await {
                Err(Cancelled::Conflict(_)) => {}
                other => return settled(other),
            }
        }
        settled(self.transact_once(writes).await)
    }

    async fn transact_once(&self, writes: Vec<TransactWriteItem>) -> Result<(), Cancelled> {
        let result = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        result.map(|_| ()).map_err(Cancelled::from)
    }
}

fn settled(result: Result<(), Cancelled>) -> Result<Option<Vec<CancellationReason>>, Error> {
    match result {
        Ok(()) => Ok(None),
        Err(Cancelled::Condition(reasons)) => Ok(Some(reasons)),
        Err(Cancelled::Conflict(error) | Cancelled::Failed(error)) => Err(error),
    }
}

/// Why a transaction was not carried out.
enum Cancelled {
    /// A condition did not hold: the reasons, one for each of the transaction's writes.
    Condition(Vec<CancellationReason>),
    /// It met another one on the same items.
    Conflict(Error),
    /// Something else.
    Failed(Error),
}

impl From<SdkError<TransactWriteItemsError>> for Cancelled {
    fn from(error: SdkError<TransactWriteItemsError>) -> Self {
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
            _ => return Self::Failed(failed(error)),
        };
        let has = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
        if has("ConditionalCheckFailed") {
            Self::Condition(reasons.to_vec())
        } else if has("TransactionConflict") {
            Self::Conflict(Error::unavailable(error))
        } else if has("ThrottlingError") || has("ProvisionedThroughputExceeded") {
            Self::Failed(Error::unavailable(error))
        } else {
            Self::Failed(Error::internal(error))
        }
    }
}
