use std::collections::HashMap;

use lambda_http::{LambdaEvent, lambda_runtime, service_fn};
use serde::{Deserialize, Serialize};
use shared::{domain::Timestamp, telemetry};
use tracing::Instrument;

/// What works through the records of a table's stream.
pub trait StreamWorker {
    /// The name of its function and its binary.
    const NAME: &'static str;

    /// Deals with the records of an event until `deadline`, and says which of them it has not dealt with.
    fn handle(&self, event: StreamEvent, deadline: Timestamp) -> impl Future<Output = StreamAnswer> + Send;
}

/// Records of a stream, in the order of the changes: of Lambda's event, what the workers read.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
#[derive(Debug, Clone, Default, Deserialize)]
pub struct StreamEvent {
    /// The records.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// One change of one row.
#[derive(Debug, Clone, Deserialize)]
pub struct Record {
    #[serde(rename = "eventName")]
    event_name: String,
    dynamodb: Change,
}

#[derive(Debug, Clone, Deserialize)]
struct Change {
    #[serde(rename = "SequenceNumber")]
    sequence_number: String,
    #[serde(rename = "NewImage", default)]
    new_image: HashMap<String, Attribute>,
}

/// An attribute, as far as it is text or a number.
#[derive(Debug, Clone, Deserialize)]
struct Attribute {
    #[serde(rename = "S", alias = "N")]
    text: Option<String>,
}

impl Record {
    /// Whether the row is new.
    pub fn is_insert(&self) -> bool {
        self.event_name == "INSERT"
    }

    /// Its place in the stream.
    pub fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// A text or a number in the row as it was after the change.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.dynamodb.new_image.get(name)?.text.as_deref()
    }
}

/// Which records have to come again. Lambda goes back to the first of them, so later ones come again too.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamAnswer {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

impl StreamAnswer {
    /// Says that a record has to come again.
    pub fn postpone(&mut self, record: &Record) {
        self.batch_item_failures.push(BatchItemFailure { item_identifier: record.sequence_number().to_owned() });
    }

    /// The sequence numbers of the records that have to come again, in their order in the event.
    pub fn postponed(&self) -> impl Iterator<Item = &str> {
        self.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str())
    }
}

/// Serves a worker as a Lambda function, until the environment ends.
pub(super) async fn serve<W: StreamWorker + Sync>(worker: &W) -> Result<(), lambda_http::Error> {
    let answer = service_fn(|event: LambdaEvent<StreamEvent>| async move {
        let deadline = Timestamp::from_millis(i64::try_from(event.context.deadline).unwrap_or(i64::MAX));
        let span = telemetry::worker_span(W::NAME, &event.context.request_id);
        Ok::<_, lambda_http::Error>(worker.handle(event.payload, deadline).instrument(span).await)
    });
    lambda_runtime::Runtime::new(answer).run().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_lambda_sends_and_answers_what_it_reads() {
        let event: StreamEvent = serde_json::from_str(
            r#"{"Records": [{
                "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
                "awsRegion": "eu-central-1", "eventSourceARN": "arn:aws:dynamodb:…",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1790000000.0,
                    "Keys": {"outbox_id": {"S": "a"}},
                    "NewImage": {"outbox_id": {"S": "a"}, "created_at": {"N": "7"}, "flag": {"BOOL": true}, "none": {"NULL": true}},
                    "SequenceNumber": "4421584500000000017450439091", "SizeBytes": 26, "StreamViewType": "NEW_IMAGE"
                }
            }]}"#,
        )
        .unwrap();
        let [record] = event.records.as_slice() else { panic!("{event:?}") };
        assert!(record.is_insert());
        assert_eq!((record.text("outbox_id"), record.text("created_at")), (Some("a"), Some("7")));
        assert_eq!((record.text("flag"), record.text("absent")), (None, None));
        let mut answer = StreamAnswer::default();
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"batchItemFailures":[]}"#);
        answer.postpone(record);
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"batchItemFailures":[{"itemIdentifier":"4421584500000000017450439091"}]}"#
        );
    }

    #[test]
    fn a_row_that_was_removed_has_no_image() {
        let record = r#"{"eventName": "REMOVE", "dynamodb": {"Keys": {}, "SequenceNumber": "1"}}"#;
        let record: Record = serde_json::from_str(record).unwrap();
        assert!(!record.is_insert() && record.text("outbox_id").is_none());
    }
}
