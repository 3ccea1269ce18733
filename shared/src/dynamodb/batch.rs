use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;

use super::{DynamoDb, Item, store_error};
use crate::Error;

/// What to read of a table.
#[derive(Debug)]
pub struct Read<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The key.
    pub key: Item,
    /// Which attributes are wanted, as a projection, if not all.
    pub attributes: Option<&'static str>,
}

impl DynamoDb {
    /// Reads one item of each of several tables, consistently, in one round trip: those that are there, by their table.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn read<const N: usize>(&self, reads: [Read<'_>; N]) -> Result<HashMap<String, Item>, Error> {
        let mut request = self.client.batch_get_item();
        for Read { table, key, attributes } in reads {
            let read = KeysAndAttributes::builder()
                .keys(key)
                .consistent_read(true)
                .set_projection_expression(attributes.map(str::to_owned))
                .build()
                .map_err(Error::internal)?;
            request = request.request_items(table, read);
        }
        let answer = request.send().await.map_err(store_error)?;
        if answer.unprocessed_keys.is_some_and(|keys| !keys.is_empty()) {
            return Err(Error::unavailable("DynamoDB left a part of a batch unread"));
        }
        let tables = answer.responses.unwrap_or_default().into_iter();
        Ok(tables.filter_map(|(table, items)| Some((table, items.into_iter().next()?))).collect())
    }
}
