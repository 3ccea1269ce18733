use std::collections::HashMap;

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, WriteRequest};

use super::{DynamoDb, Item, store_error};
use crate::Error;

/// How often DynamoDB is asked again for what it left undone of a batch, which it does instead of turning it away.
const RETRIES: u32 = 7;

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

/// The most items that one batch writes.
pub const MAX_WRITES: usize = 25;

impl DynamoDb {
    /// Reads one item of each of several tables, consistently, in one round trip: those that are there, by their table. What
    /// DynamoDB leaves unread, which the SDK takes for a success, is asked for again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn read(&self, reads: impl IntoIterator<Item = Read<'_>>) -> Result<HashMap<String, Item>, Error> {
        let mut wanted = HashMap::new();
        for Read { table, key, attributes } in reads {
            let read = KeysAndAttributes::builder()
                .keys(key)
                .consistent_read(true)
                .set_projection_expression(attributes.map(str::to_owned))
                .build()
                .map_err(Error::internal)?;
            wanted.insert(table.to_owned(), read);
        }
        let mut found = HashMap::new();
        let mut backoff = self.backoff(RETRIES);
        loop {
            let answer =
                self.client.batch_get_item().set_request_items(Some(wanted)).send().await.map_err(store_error)?;
            let tables = answer.responses.unwrap_or_default().into_iter();
            found.extend(tables.filter_map(|(table, items)| Some((table, items.into_iter().next()?))));
            wanted = answer.unprocessed_keys.unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
            if !backoff.wait().await {
                return Err(Error::unavailable("DynamoDB left a part of a batch unread"));
            }
        }
    }

    /// Deletes at most [`MAX_WRITES`] items of a table by their keys. One that is not there is fine.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`]; some may be deleted then.
    pub async fn delete(&self, table: &str, keys: Vec<Item>) -> Result<(), Error> {
        let delete = |key| {
            let request = DeleteRequest::builder().set_key(Some(key)).build().map_err(Error::internal)?;
            Ok(WriteRequest::builder().delete_request(request).build())
        };
        let mut writes = keys.into_iter().map(delete).collect::<Result<Vec<_>, Error>>()?;
        self.gate.passed().await;
        let mut backoff = self.backoff(RETRIES);
        loop {
            let answer = self
                .client
                .batch_write_item()
                .request_items(table, std::mem::take(&mut writes))
                .send()
                .await
                .map_err(store_error)?;
            writes = answer.unprocessed_items.and_then(|mut items| items.remove(table)).unwrap_or_default();
            if writes.is_empty() {
                return Ok(());
            }
            if !backoff.wait().await {
                return Err(Error::unavailable("DynamoDB left a part of a batch undone"));
            }
        }
    }
}
