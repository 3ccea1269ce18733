//! The functions that no request starts, driven as Lambda drives them: by the streams of their tables.

use std::time::Duration;

use dynoxide::{
    Database,
    actions::{
        get_records::{GetRecordsRequest, Record},
        get_shard_iterator::GetShardIteratorRequest,
        list_streams::ListStreamsRequest,
    },
};
use functions::worker::{StreamEvent, StreamWorker, mail::MailWorker, purge::PurgeWorker};
use serde_json::json;
use shared::App;
use tokio::{sync::watch, task::JoinHandle, time::sleep};

use crate::{post::Post, template::Template};

/// How often a stream is asked for news.
const POLL_EVERY: Duration = Duration::from_millis(50);

/// How long a record that was not dealt with waits before it comes again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The most records in one event.
const BATCH: usize = 10;

/// Starts the workers of a template, each on the stream that the template gives it, until `stop` changes.
pub fn start(
    template: &Template,
    database: &Database,
    app: &App,
    post: Post,
    stop: &watch::Receiver<()>,
) -> Vec<JoinHandle<()>> {
    let mut running = Vec::new();
    let mut post = Some(post);
    for (function, table) in &template.sources {
        let Some(function) = template.functions.get(function) else { continue };
        let source = Source { database: database.clone(), table: table.clone(), seconds: function.timeout_seconds };
        match function.binary.as_str() {
            MailWorker::<Post>::NAME => {
                if let Some(post) = post.take() {
                    running.push(source.drive(MailWorker::new(app.clone(), post), app.clone(), stop.clone()));
                }
            }
            PurgeWorker::NAME => {
                running.push(source.drive(PurgeWorker::new(app.clone()), app.clone(), stop.clone()));
            }
            _ => {}
        }
    }
    running
}

/// What an event source mapping does: it hands a stream's records to a function, in their order, until all are dealt with.
struct Source {
    database: Database,
    table: String,
    /// How long the function may take.
    seconds: u64,
}

impl Source {
    fn drive<W>(self, worker: W, app: App, mut stop: watch::Receiver<()>) -> JoinHandle<()>
    where
        W: StreamWorker + Send + Sync + 'static,
    {
        tokio::spawn(async move {
            tokio::select! {
                // A worker may be interrupted anywhere: that is what it is made for.
                () = self.feed(worker, app) => {}
                _ = stop.changed() => {}
            }
        })
    }

    /// From the beginning of the stream: records that were dealt with before a restart have nothing left to do.
    async fn feed<W: StreamWorker>(self, worker: W, app: App) {
        let mut after: Option<String> = None;
        loop {
            let records = self.records(after.clone()).await;
            let Some(last) = records.last().map(|record| record.dynamodb.sequence_number.clone()) else {
                sleep(POLL_EVERY).await;
                continue;
            };
            let Ok(event) = serde_json::from_value::<StreamEvent>(json!({"Records": records})) else { return };
            let seconds = i64::try_from(self.seconds).unwrap_or(i64::MAX);
            let deadline = app.clock.now().plus_seconds(seconds);
            let answer = worker.handle(event, deadline).await;
            let Some(first) = answer.postponed().next() else {
                after = Some(last);
                continue;
            };
            let numbers = records.iter().map(|record| &record.dynamodb.sequence_number);
            after = numbers.take_while(|number| *number != first).last().cloned().or(after);
            sleep(RETRY_AFTER).await;
        }
    }

    /// The records after one, or from the beginning; none where the stream cannot be read at the moment.
    async fn records(&self, after: Option<String>) -> Vec<Record> {
        let (database, table) = (self.database.clone(), self.table.clone());
        let records = tokio::task::spawn_blocking(move || read(&database, &table, after));
        records.await.ok().flatten().unwrap_or_default()
    }
}

fn read(database: &Database, table: &str, after: Option<String>) -> Option<Vec<Record>> {
    let streams = ListStreamsRequest { table_name: Some(table.to_owned()), ..ListStreamsRequest::default() };
    let stream = database.list_streams(streams).ok()?.streams.into_iter().next()?;
    let iterator = GetShardIteratorRequest {
        stream_arn: stream.stream_arn,
        shard_id: dynoxide::streams::shard_id(table),
        shard_iterator_type: if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" }.to_owned(),
        sequence_number: after,
    };
    let shard_iterator = database.get_shard_iterator(iterator).ok()?.shard_iterator?;
    let records = database.get_records(GetRecordsRequest { shard_iterator, limit: Some(BATCH) });
    Some(records.ok()?.records)
}
