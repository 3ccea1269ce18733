use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, Put, TransactWriteItem, Update},
};

use super::{Attempts, DynamoDb, Item};
use crate::Error;

/// How often a transaction is sent again that keeps meeting others on the same items.
const RETRIES: u32 = 7;

impl DynamoDb {
    /// Carries out a transaction: `None` when it was, or the reasons, one for each write, when a condition did not hold.
    ///
    /// One that meets another on the same items is sent again, which the SDK does not do by itself. One whose answer is lost
    /// is too: it bears a token by which DynamoDB knows it for ten minutes.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it was not done, [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Option<Vec<CancellationReason>>, Error> {
        let mut backoff = self.backoff(RETRIES);
        loop {
            match self.transact_once(writes.clone()).await {
                Ok(()) => return Ok(None),
                Err(Cancelled::Condition(reasons)) => return Ok(Some(reasons)),
                Err(Cancelled::Other(error)) => return Err(error),
                Err(Cancelled::Conflict(error)) if !backoff.wait().await => return Err(error),
                Err(Cancelled::Conflict(_)) => {}
            }
        }
    }

    async fn transact_once(&self, writes: Vec<TransactWriteItem>) -> Result<(), Cancelled> {
        let request = self.client.transact_write_items().set_transact_items(Some(writes));
        let (result, attempts) = Attempts::watch(request.send()).await;
        result.map(|_| ()).map_err(|error| Cancelled::of(error, &attempts))
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

impl Cancelled {
    fn of(error: SdkError<TransactWriteItemsError>, attempts: &Attempts) -> Self {
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
            _ => return Self::Other(attempts.error(error)),
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
