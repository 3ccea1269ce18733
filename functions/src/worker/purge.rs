//! The purge worker: removes what is left of accounts that are deleted, however much there is.
//!
//! It may be interrupted anywhere: what is removed stays removed, and the next invocation goes on with the rest.

use std::process::ExitCode;

use shared::{
    App, Error,
    domain::{Timestamp, UserId},
    store::Remains,
    telemetry,
};
use uuid::Uuid;

use super::{Record, StreamAnswer, StreamEvent, StreamWorker, stream};

/// How long after a deletion rows may still appear, in seconds: a request that saw the account alive may write as long as its
/// function may run, which is ten, and the clocks of two environments are not quite the same.
pub const QUIET_AFTER_SECONDS: i64 = 15;

/// The time that a page and a note may take, in seconds: with less left, another invocation goes on.
const PAGE_SECONDS: i64 = 10;

/// Removes what accounts have left.
#[derive(Debug)]
pub struct PurgeWorker {
    app: App,
}

impl PurgeWorker {
    /// A worker over the tables of `app`.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    async fn purge(&self, user_id: UserId, deadline: Timestamp) -> Result<(), Error> {
        let store = &self.app.store;
        let Some(deletion) = store.deletion(user_id).await?.filter(|deletion| deletion.purged_at.is_none()) else {
            return Ok(());
        };
        let quiet_at = deletion.deleted_at.plus_seconds(QUIET_AFTER_SECONDS);
        loop {
            let is_quiet = self.app.clock.now() >= quiet_at;
            if !self.sweep(user_id, deadline).await? {
                return store.rearm_purge(user_id, self.app.clock.now()).await;
            }
            if is_quiet {
                break;
            }
            if !has_time(quiet_at, deadline) {
                return store.rearm_purge(user_id, self.app.clock.now()).await;
            }
            self.app.clock.wait_until(quiet_at).await;
        }
        store.end_purge(user_id, self.app.clock.now()).await?;
        if let Some(removed) = store.deletion(user_id).await? {
            let (tasks, sessions, idempotency_keys) = (removed.tasks, removed.sessions, removed.idempotency_keys);
            tracing::info!(%user_id, tasks, sessions, idempotency_keys, "purged");
        }
        Ok(())
    }

    /// Removes all there is at the moment; `false` where time ran out.
    async fn sweep(&self, user_id: UserId, deadline: Timestamp) -> Result<bool, Error> {
        for remains in Remains::ALL {
            loop {
                if !has_time(self.app.clock.now(), deadline) {
                    return Ok(false);
                }
                let count = self.app.store.remove_page(user_id, remains).await?;
                if count == 0 {
                    break;
                }
                self.app.store.count_removed(user_id, remains, count).await?;
            }
        }
        Ok(true)
    }
}

fn has_time(now: Timestamp, deadline: Timestamp) -> bool {
    now.plus_seconds(PAGE_SECONDS) <= deadline
}

/// Whose deletion a record is about, if it is one that begins or goes on.
fn user_of(record: &Record) -> Option<UserId> {
    let is_wanted = record.is_insert() || record.text("rearmed_at").is_some();
    is_wanted.then(|| Uuid::parse_str(record.text("user_id")?).ok().map(UserId)).flatten()
}

impl StreamWorker for PurgeWorker {
    const NAME: &'static str = "purge-worker";

    async fn handle(&self, event: StreamEvent, deadline: Timestamp) -> StreamAnswer {
        let mut answer = StreamAnswer::default();
        for record in &event.records {
            let Some(user_id) = user_of(record) else { continue };
            if let Err(error) = self.purge(user_id, deadline).await {
                telemetry::log_postponed(user_id, &error);
                answer.postpone(record);
            }
        }
        answer
    }
}

/// Serves the worker as a Lambda function.
pub fn run() -> ExitCode {
    crate::runtime::run(async {
        let worker = PurgeWorker::new(App::without_secret(|name| std::env::var(name).ok()).await?);
        stream::serve(&worker).await
    })
}
