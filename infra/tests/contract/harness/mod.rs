//! What every test needs: where the API is, a client that checks what holds for all answers, users and tasks.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

mod answer;
mod client;
mod problem;
mod session;
mod shape;
mod target;
mod time;
mod user;

pub use answer::Answer;
pub use client::{Call, Client, task_routes};
pub use problem::{assert_invalid, assert_problem, without_request_id};
pub use session::{Session, session_cookie};
pub use shape::{MAX_SAFE_INTEGER, assert_members, assert_task, assert_user, ids};
pub use target::{Gateway, base_url, gateway, store_faults, trusted_origin};
pub use time::{is_timestamp, seconds_from_now, timestamp};
pub use user::{PASSWORD, User, shared_pair, shared_user};

/// Percent-encodes a query value or a path segment.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A text that no other call in any other run gives.
pub fn unique() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{nanos:x}-{count:x}", std::process::id())
}

pub fn unique_email() -> String {
    format!("u-{}@example.com", unique())
}

/// Runs futures at the same time and gives their results in the order given.
pub async fn together<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let running: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(running.len());
    for task in running {
        match task.await {
            Ok(result) => results.push(result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    results
}
