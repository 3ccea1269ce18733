//! The workers: what they do of records of streams, whatever interrupts them, and what they must be allowed to.

mod mail;
pub mod purge;

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use functions::worker::StreamEvent;
use serde_json::{Value, json};
use shared::domain::Timestamp;

use crate::world::{Item, TEMPLATE, World};

/// The record of a change, at a place in the stream, after which the row is as it is now.
pub fn record(kind: &str, sequence_number: usize, row: &Item) -> Value {
    let image = row.iter().filter_map(|(name, value)| match value {
        AttributeValue::S(text) => Some((name.clone(), json!({"S": text}))),
        AttributeValue::N(number) => Some((name.clone(), json!({"N": number}))),
        _ => None,
    });
    let image: serde_json::Map<_, _> = image.collect();
    json!({"eventName": kind, "dynamodb": {"SequenceNumber": sequence_number.to_string(), "NewImage": image}})
}

pub fn event(records: &[Value]) -> StreamEvent {
    serde_json::from_value(json!({"Records": records})).unwrap()
}

/// When Lambda would end an invocation that begins now.
fn deadline(world: &World, function: &str) -> Timestamp {
    let seconds = i64::try_from(TEMPLATE.functions[function].timeout_seconds).unwrap();
    world.app.clock.now().plus_seconds(seconds)
}

/// What a worker was seen to ask of the tables since the last time.
fn seen_needs(world: &World) -> BTreeSet<(String, String)> {
    world.recorder.take().into_iter().flat_map(|call| call.needs).collect()
}

/// Holds the rights of a worker to what it was seen to need, beside what reading its stream takes, and `others`.
fn assert_rights(function: &str, seen: BTreeSet<(String, String)>, others: &[(&str, &str)]) {
    let stream = format!("{}.StreamArn", TEMPLATE.sources[function]);
    let owned = |(action, resource): (&str, &str)| (action.to_owned(), resource.to_owned());
    let reads = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
    let mut expected = seen;
    expected.extend(reads.map(|action| owned((action, &stream))));
    expected.extend([("dynamodb:ListStreams", "*"), ("sqs:SendMessage", "WorkerFailures")].map(owned));
    expected.extend(others.iter().copied().map(owned));
    assert_eq!(TEMPLATE.functions[function].grants.iter().cloned().collect::<BTreeSet<_>>(), expected);
}
