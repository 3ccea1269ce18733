//! `Outbox`: letters that are to be sent. Partition key `outbox_id`; a worker on the table's stream sends them, and DynamoDB
//! deletes rows some time after `expires_at` (in seconds). No row holds a token: the worker works it out.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use crate::{
    Error,
    domain::{Letter, Occasion, Timestamp, UserId},
    dynamodb::{Attempts, Item, from_item, is_condition_failure, number, store_error, string, to_item},
};

/// How long a row stays, in seconds: as long as somebody may want to know what became of a mail.
const KEEP_SECONDS: i64 = 7 * 24 * 60 * 60;

#[derive(Serialize, Deserialize)]
struct Row {
    outbox_id: Uuid,
    occasion: Occasion,
    address: String,
    recipient: String,
    user_id: UserId,
    created_at: Timestamp,
    not_after: Timestamp,
    origin: String,
    callback_url: String,
    state: String,
    new_email: String,
    place: String,
    expires_at: i64,
}

impl Store {
    /// Asks for a letter to be sent.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn post_letter(&self, id: Uuid, letter: &Letter) -> Result<(), Error> {
        let request = self
            .writer()
            .await
            .put_item()
            .table_name(&self.tables.outbox)
            .set_item(Some(letter_to_item(id, letter)?))
            .condition_expression("attribute_not_exists(outbox_id)");
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(_) => Ok(()),
            // An attempt whose answer was lost has put it there, and it may be sent already.
            Err(error) if is_condition_failure(&error) => Ok(()),
            Err(error) => Err(attempts.error(error)),
        }
    }

    /// The same as a part of a transaction.
    pub(super) fn letter_write(&self, id: Uuid, letter: &Letter) -> Result<TransactWriteItem, Error> {
        let put = Put::builder()
            .table_name(&self.tables.outbox)
            .set_item(Some(letter_to_item(id, letter)?))
            .build()
            .map_err(Error::internal)?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Takes a lease on a letter until `until`, so that nobody else sends it meanwhile.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn lease_letter(&self, id: Uuid, now: Timestamp, until: Timestamp) -> Result<Lease, Error> {
        let result = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(outbox_key(id)))
            .update_expression("SET leased_until = :until")
            .condition_expression(
                "attribute_exists(outbox_id) AND attribute_not_exists(processed_at) \
                 AND (attribute_not_exists(leased_until) OR leased_until <= :now)",
            )
            .expression_attribute_values(":until", number(until.millis()))
            .expression_attribute_values(":now", number(now.millis()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match result {
            Ok(answer) => {
                let item = answer.attributes.ok_or_else(|| Error::internal("DynamoDB gave no attributes"))?;
                Ok(Lease::Acquired(Box::new(letter_from_item(item)?)))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
                    let is_held = failure.item().is_some_and(|item| !item.contains_key("processed_at"));
                    Ok(if is_held { Lease::HeldByAnother } else { Lease::AlreadyProcessed })
                }
                _ => Err(store_error(error)),
            },
        }
    }

    /// Gives a lease back, so that the letter can be tried again at once.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn release_letter(&self, id: Uuid, until: Timestamp) -> Result<(), Error> {
        let result = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(outbox_key(id)))
            .update_expression("REMOVE leased_until")
            .condition_expression("leased_until = :until AND attribute_not_exists(processed_at)")
            .expression_attribute_values(":until", number(until.millis()))
            .send()
            .await;
        match result {
            Ok(_) => Ok(()),
            Err(error) if is_condition_failure(&error) => Ok(()),
            Err(error) => Err(store_error(error)),
        }
    }

    /// Notes what became of a letter: the mail service's id of the mail, or why it was not sent. It is never sent again, and
    /// who it was to is forgotten.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn record_outcome(&self, id: Uuid, outcome: &str, now: Timestamp) -> Result<(), Error> {
        let result = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(outbox_key(id)))
            .update_expression(
                "SET processed_at = :now, outcome = :outcome \
                 REMOVE leased_until, address, recipient, origin, callback_url, #state, new_email, place",
            )
            .condition_expression("attribute_exists(outbox_id)")
            // One of DynamoDB's reserved words.
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":now", number(now.millis()))
            .expression_attribute_values(":outcome", string(outcome))
            .send()
            .await;
        match result {
            Ok(_) => Ok(()),
            // It has expired meanwhile.
            Err(error) if is_condition_failure(&error) => Ok(()),
            Err(error) => Err(store_error(error)),
        }
    }
}

/// What came of asking for a lease.
#[derive(Debug)]
pub enum Lease {
    /// It is ours, and this is the letter.
    Acquired(Box<Letter>),
    /// Somebody else has it: they may be sending, or have died.
    HeldByAnother,
    /// The letter was sent or dropped, or is not there any more.
    AlreadyProcessed,
}

fn outbox_key(id: Uuid) -> Item {
    Item::from([("outbox_id".to_owned(), string(id))])
}

fn letter_to_item(id: Uuid, letter: &Letter) -> Result<Item, Error> {
    to_item(&Row {
        outbox_id: id,
        occasion: letter.occasion,
        address: letter.to.clone(),
        recipient: letter.name.clone(),
        user_id: letter.user_id,
        created_at: letter.created_at,
        not_after: letter.not_after,
        origin: letter.origin.clone(),
        callback_url: letter.callback_url.clone(),
        state: letter.state.clone(),
        new_email: letter.new_email.clone(),
        place: letter.place.clone(),
        expires_at: match letter.occasion {
            // Nobody asks what became of it, and the address is of somebody who has nothing to do with us.
            Occasion::Nobody => letter.not_after.seconds(),
            _ => letter.created_at.plus_seconds(KEEP_SECONDS).seconds(),
        },
    })
}

fn letter_from_item(item: Item) -> Result<Letter, Error> {
    let row: Row = from_item(item)?;
    Ok(Letter {
        occasion: row.occasion,
        to: row.address,
        name: row.recipient,
        user_id: row.user_id,
        created_at: row.created_at,
        not_after: row.not_after,
        origin: row.origin,
        callback_url: row.callback_url,
        state: row.state,
        new_email: row.new_email,
        place: row.place,
    })
}
