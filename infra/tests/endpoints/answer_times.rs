//! How long an answer takes, where that must not say whether an address is registered. What an answer waits for is held here, the
//! calls to the store; the times, which belong to the machine, are said.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use functions::worker::{StreamWorker, mail::MailWorker};
use infra::demo;
use serde_json::{Value, json};
use shared::mail::{Mailer, Message, SendError};

use crate::{
    event::{event, function_of, with_fields},
    workers,
    world::{World, answer},
};

/// How often the outbox is looked at.
const POLL_EVERY: Duration = Duration::from_millis(250);

/// How many requests of each kind the median is of.
const REQUESTS: usize = 200;

/// A mail service that takes so long, and then takes a mail or fails.
#[derive(Clone, Copy)]
struct Service {
    delay: Duration,
    fails: bool,
}

impl Mailer for Service {
    async fn send(&self, _message: &Message) -> Result<String, SendError> {
        tokio::time::sleep(self.delay).await;
        if self.fails { Err(SendError::failed("no answer")) } else { Ok("taken".to_owned()) }
    }
}

/// Sends what is in the outbox, over and over, past what counts the calls of requests.
async fn send_mails(world: &World, service: Service) {
    let app = world.app_over(&world.store.config().http_client().unwrap(), &[]).await;
    let worker = MailWorker::new(app, service);
    loop {
        let rows = world.rows("Outbox").await;
        let unprocessed = rows.iter().filter(|row| !row.contains_key("processed_at"));
        let records: Vec<Value> =
            unprocessed.take(10).enumerate().map(|(at, row)| workers::record("INSERT", at, row)).collect();
        worker.handle(workers::event(&records), world.app.clock.now().plus_seconds(60)).await;
        tokio::time::sleep(POLL_EVERY).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures times: `.ci/run` runs it, and shows them"]
async fn a_registered_address_is_answered_like_any_other_however_mails_go_out() {
    let (name, slow) = ("auth-request-password-reset/asked", Duration::from_millis(300));
    for (how, service) in [
        ("fast", Service { delay: Duration::ZERO, fails: false }),
        ("300 ms slow", Service { delay: slow, fails: false }),
        ("failing", Service { delay: Duration::ZERO, fails: true }),
    ] {
        let world = Arc::new(World::new().await);
        let sender = Arc::clone(&world);
        let sending = tokio::spawn(async move { send_mails(&sender, service).await });
        let mut times = [Vec::new(), Vec::new()];
        world.recorder.take();
        for _ in 0..REQUESTS {
            let mut seen = Vec::new();
            // In turns, so that whatever else the machine does meets both.
            for (times, email) in times.iter_mut().zip([demo::EMAIL, "nobody@example.com"]) {
                let request = with_fields(event(name), &json!({"email": email}));
                let begun = Instant::now();
                let answered = answer(&world.app, function_of(name), request).await;
                times.push(begun.elapsed());
                let calls: Vec<_> = world.recorder.take().into_iter().map(|call| call.operation).collect();
                seen.push((answered.status, answered.text, answered.headers, calls));
            }
            assert_eq!(seen[0], seen[1], "{name}");
        }
        sending.abort();
        let [known, unknown] = times.map(|mut times| {
            times.sort_unstable();
            times[REQUESTS / 2]
        });
        // A mail that was sent before the answer would show as the time that it takes.
        assert!(known.abs_diff(unknown) < Duration::from_millis(50), "{known:?} with an account, {unknown:?} without");
        eprintln!(
            "{name}, mails {how}: {known:.2?} with an account, {unknown:.2?} without, in the middle of {REQUESTS}"
        );
    }
}
