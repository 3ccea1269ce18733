use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, Put, TransactWriteItem, Update},
};

use super::{DynamoDb, Item, store_error};
use crate::Error;

/// How often a transaction is tried that keeps meeting another one on the same items.
const ATTEMPTS: u32 = 4;

impl DynamoDb {
    /// Carries out a transaction: `None` when it was, or the reasons, one for each write, when a condition did not hold.
    ///
    /// One that meets another on the same items is sent again, which the SDK does not do by itself.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Option<Vec<CancellationReason>>, Error> {
        for _ in 1..ATTEMPTS {
            match self.transact_once(writes.clone()).await {
                Err(Cancelled::Conflict(_)) => {}
                other => return condition_failures(other),
            }
        }
        condition_failures(self.transact_once(writes).await)
    }

    async fn transact_once(&self, writes: Vec<TransactWriteItem>) -> Result<(), Cancelled> {
        let result = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        result.map(|_| ()).map_err(Cancelled::from)
    }
}

fn condition_failures(result: Result<(), Cancelled>) -> Result<Option<Vec<CancellationReason>>, Error> {
    match result {
        Ok(()) => Ok(None),
        Err(Cancelled::Condition(reasons)) => Ok(Some(reasons)),
        Err(Cancelled::Conflict(error) | Cancelled::Other(error)) => Err(error),
    }
}

/// Why a transaction was not carried out.
enum Cancelled {
    /// A condition did not hold: the reasons, one for each of the transaction's writes.
    Condition(Vec<CancellationReason>),
    /// It met another one on the same items.
    Conflict(Error),
    /// Something else.
    Other(Error),
}

impl From<SdkError<TransactWriteItemsError>> for Cancelled {
    fn from(error: SdkError<TransactWriteItemsError>) -> Self {
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
            _ => return Self::Other(store_error(error)),
        };
        let has = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
        if has("ConditionalCheckFailed") {
            Self::Condition(reasons.to_vec())
        } else if has("TransactionConflict") {
            Self::Conflict(Error::unavailable(error))
        } else if has("ThrottlingError") || has("ProvisionedThroughputExceeded") {
            Self::Other(Error::unavailable(error))
        } else {
            Self::Other(Error::internal(error))
        }
    }
}

/// A write of an item that must not be there yet, told by an attribute of its key.
///
/// # Errors
/// [`Error::Internal`].
pub fn put_new(table: &str, item: Item, key: &str) -> Result<TransactWriteItem, Error> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression(format!("attribute_not_exists({key})"))
        .build()
        .map_err(Error::internal)?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// A change of an item, as a part of a transaction.
pub fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}
