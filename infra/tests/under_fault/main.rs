//! What clients may rely on while the store misbehaves: many of them at once, over a proxy that hurts some of the calls, and a
//! checker that judges what they were told.
//!
//! Each group of clients shares a user. What they do to one task, to the sessions of one account and with one idempotency key is
//! written down with when it began and when it was answered, and has to be what one after the other would have come to
//! ([linearizability](history)). `UNDER_FAULT_SECONDS` says how long (3), `UNDER_FAULT_PERMILLE` how many of a thousand calls to
//! the store are hurt (50), `UNDER_FAULT_SEED` by which seed; what they were is printed with the figures.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a test says what it expects by panicking when it does not hold"
)]

mod api;
mod contention;
#[path = "../common/faulty_store.rs"]
mod faulty_store;
mod history;
mod keys;
mod sessions;
#[path = "../common/store_answers.rs"]
mod store_answers;
mod tasks;
mod user;

use std::{
    io::Write as _,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use api::Api;
use faulty_store::{Faults, FaultyStack};
use user::User;

/// How many clients there are, and how many of them share a user.
const CLIENTS: usize = 32;
const GROUP: usize = 4;

fn parameter(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// From how many requests on the share that failed is what it says.
const ENOUGH: u64 = 10_000;

/// Fewer have to fail than one in a hundred requests; of so few that chance alone decides, than three standard deviations more.
fn too_many_of(requests: u64) -> u64 {
    let share = requests.div_ceil(100);
    if requests < ENOUGH { share + 3 * share.isqrt() } else { share }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_or_done_twice_or_anybody_elses() {
    let seconds = parameter("UNDER_FAULT_SECONDS", 3);
    let faults = Faults {
        seed: parameter("UNDER_FAULT_SEED", 1),
        per_mille: parameter("UNDER_FAULT_PERMILLE", 50),
        conflicts: true,
    };
    let stack = FaultyStack::start(faults).await;
    let api = Arc::new(Api::new(&stack.api_url));
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut groups = JoinSet::new();
    for number in 0..CLIENTS / GROUP {
        let api = Arc::clone(&api);
        let mut random = fastrand::Rng::with_seed(faults.seed ^ (number as u64) << 32);
        groups.spawn(async move {
            let (user, account) = (Arc::new(User::sign_up(&api).await), Arc::new(User::sign_up(&api).await));
            let mut judged = 0;
            while Instant::now() < until {
                judged += sessions::round(&api, &account, &mut random).await;
                // Signing in takes as long as many of these, because of the hash.
                for _ in 0..5 {
                    judged += tasks::round(&api, &user, &mut random).await;
                    judged += keys::round(&api, &user).await;
                }
            }
            user.assert_that_all_is_there(&api).await;
            judged
        });
    }
    let judged: usize = groups.join_all().await.into_iter().sum();
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    let (requests, failed) = (count(&api.requests), count(&api.failed));
    let _ = writeln!(
        std::io::stderr(),
        "under fault: seed {}, {CLIENTS} clients, {seconds} s: {requests} requests, {} sent again, {failed} failed after that; \
         {} calls of the store, {} of them hurt; {judged} operations judged",
        faults.seed,
        count(&api.sent_again),
        count(&stack.calls),
        count(&stack.faults),
    );
    assert!(judged > 0);
    assert!(failed < too_many_of(requests), "{failed} of {requests} requests failed");
}
