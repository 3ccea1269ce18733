use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::DynamoDb;

/// How long a wait may get, as a multiple of the first.
const LONGEST: u32 = 16;

/// Waits between the attempts of what was certainly not done: up to twice as long each time, and of random length, so that
/// those who met do not meet again.
#[derive(Debug)]
pub struct Backoff {
    longest_wait: Duration,
    limit: Duration,
    waits_left: u32,
    end: Instant,
}

impl DynamoDb {
    /// At most so many waits, of the lengths that the client's own retries have, within the time that one call may take.
    pub fn backoff(&self, waits: u32) -> Backoff {
        let config = self.client.config();
        let first = config.retry_config().map_or(Duration::ZERO, |retries| retries.initial_backoff());
        let time = config.timeout_config().and_then(|timeouts| timeouts.operation_timeout());
        Backoff {
            longest_wait: first,
            limit: first.saturating_mul(LONGEST),
            waits_left: waits,
            end: Instant::now() + time.unwrap_or(Duration::from_secs(4)),
        }
    }
}

impl Backoff {
    /// Waits; `false`, at once, if it is time to give up.
    pub async fn wait(&mut self) -> bool {
        let wait = self.longest_wait.mul_f64(fastrand::f64());
        if self.waits_left == 0 || Instant::now() + wait >= self.end {
            return false;
        }
        self.waits_left = self.waits_left.saturating_sub(1);
        self.longest_wait = self.longest_wait.saturating_mul(2).min(self.limit);
        sleep(wait).await;
        true
    }
}
