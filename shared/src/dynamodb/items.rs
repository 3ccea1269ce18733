use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// An item as DynamoDB has it.
pub type Item = HashMap<String, AttributeValue>;

/// A text attribute.
pub fn string(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
pub fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The item of a row.
///
/// # Errors
/// [`Error::Internal`] if the row is of a form that no item has.
pub fn to_item(row: &impl Serialize) -> Result<Item, Error> {
    serde_dynamo::to_item(row).map_err(Error::internal)
}

/// The row of an item.
///
/// # Errors
/// [`Error::Internal`] if the item is of another form.
pub fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(Error::internal)
}
