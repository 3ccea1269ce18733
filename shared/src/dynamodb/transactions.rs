use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, Put, TransactWriteItem, Update},
};

use super::{Attempts, DynamoDb, Item};
use crate::Error;

/// How often a transaction is sent again that keeps meeting others on the same items.
const RETRIES: u32 = 7;

/// What came of a transaction.
#[derive(Debug)]
pub enum Transacted {
    /// It was carried out.
    Done,
    /// A condition did not hold: the reasons, one for each of the transaction's writes.
    Refused(Vec<CancellationReason>),
    /// It met another one on the same items, and was not carried out. This is the error if it is not sent again.
    Met(Error),
}

impl DynamoDb {
    /// Carries out a transaction: `None` when it was, or the reasons, one for each write, when a condition did not hold.
    ///
    /// One that meets another on the same items is sent again, which the SDK does not do by itself.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it was not done, [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Option<Vec<CancellationReason>>, Error> {
        let mut backoff = self.backoff(RETRIES);
        loop {
            match self.transact_once(writes.clone()).await? {
                Transacted::Done => return Ok(None),
                Transacted::Refused(reasons) => return Ok(Some(reasons)),
                Transacted::Met(error) if !backoff.wait().await => return Err(error),
                Transacted::Met(_) => {}
            }
        }
    }

    /// Carries out a transaction that many may want at once: the caller looks what has become of the others before it is sent
    /// again.
    ///
    /// One whose answer is lost is sent again: it bears a token by which DynamoDB knows it for ten minutes. If that meets another
    /// one, nobody knows whether the first was carried out.
    ///
    /// # Errors
    /// As [`DynamoDb::transact`].
    pub async fn transact_once(&self, writes: Vec<TransactWriteItem>) -> Result<Transacted, Error> {
        self.gate.passed().await;
        let request = self.client.transact_write_items().set_transact_items(Some(writes));
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(_) => Ok(Transacted::Done),
            Err(error) => cancelled(error, &attempts),
        }
    }
}

/// Why a transaction was not carried out.
fn cancelled(error: SdkError<TransactWriteItemsError>, attempts: &Attempts) -> Result<Transacted, Error> {
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
        _ => return Err(attempts.error(error)),
    };
    let has = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
    if has("ConditionalCheckFailed") {
        Ok(Transacted::Refused(reasons.to_vec()))
    } else if has("TransactionConflict") && attempts.is_one_lost() {
        Err(Error::OutcomeUnknown(error.into()))
    } else if has("TransactionConflict") {
        Ok(Transacted::Met(Error::unavailable(error)))
    } else if has("ThrottlingError") || has("ProvisionedThroughputExceeded") {
        Err(Error::unavailable(error))
    } else {
        Err(Error::internal(error))
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
