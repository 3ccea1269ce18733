//! What DynamoDB answers when it does not do what it is asked, and what it leaves undone of a batch.

use serde_json::{Value, json};

/// What every made-up error says, and no answer may repeat.
pub const INTERNALS: &str = "arn:aws:dynamodb:internals";

/// The body of an error, which comes with HTTP 400.
pub fn error(name: &str) -> String {
    json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": INTERNALS}).to_string()
}

/// The body of a fault of DynamoDB's own, which comes with HTTP 500.
pub fn server_error() -> String {
    json!({"__type": "InternalServerError", "message": INTERNALS}).to_string()
}

/// The body for a transaction that met another one, which comes with HTTP 400.
pub fn conflict(transaction: &Value) -> String {
    let count = transaction["TransactItems"].as_array().map_or(0, Vec::len);
    let mut reasons = vec![json!({"Code": "None"}); count];
    if let Some(last) = reasons.last_mut() {
        *last = json!({"Code": "TransactionConflict", "Message": INTERNALS});
    }
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    json!({"__type": kind, "Message": INTERNALS, "CancellationReasons": reasons}).to_string()
}

/// The body for a batch of which nothing was read or written.
pub fn unprocessed(batch: &Value) -> String {
    let items = &batch["RequestItems"];
    json!({"Responses": {}, "UnprocessedKeys": items, "UnprocessedItems": items}).to_string()
}

/// Takes all tables but one out of a batch.
pub fn all_but_one(batch: &mut Value) -> Value {
    let wanted = batch["RequestItems"].as_object_mut().unwrap();
    let mut tables = std::mem::take(wanted).into_iter();
    wanted.extend(tables.next());
    Value::Object(tables.collect())
}
