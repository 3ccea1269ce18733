use std::time::Duration;

use aws_sdk_dynamodb::config::{retry::RetryConfig, timeout::TimeoutConfig};
use tokio::time::{Instant, sleep};

use super::{DynamoDb, deadline};

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

/// How long to go on at most where the client has no limit of its own.
const TIME: Duration = Duration::from_secs(4);

impl DynamoDb {
    /// At most so many waits, of the lengths that the client's own retries have, within the time that one call may take and that the
    /// request has left.
    pub fn backoff(&self, waits: u32) -> Backoff {
        let first = self.client.config().retry_config().map_or(Duration::ZERO, RetryConfig::initial_backoff);
        let end = Instant::now() + self.call_time();
        Backoff {
            longest_wait: first,
            limit: first.saturating_mul(LONGEST),
            waits_left: waits,
            end: deadline::end().map_or(end, |of_request| end.min(of_request)),
        }
    }

    /// How long one call may take, with all its attempts.
    pub fn call_time(&self) -> Duration {
        let timeouts = self.client.config().timeout_config();
        timeouts.and_then(TimeoutConfig::operation_timeout).unwrap_or(TIME)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff(waits_left: u32, time: Duration) -> Backoff {
        let first = Duration::from_millis(1);
        Backoff { longest_wait: first, limit: first * LONGEST, waits_left, end: Instant::now() + time }
    }

    #[tokio::test]
    async fn it_ends_after_its_number_of_waits() {
        let mut backoff = backoff(3, Duration::from_secs(60));
        for _ in 0..3 {
            assert!(backoff.wait().await);
        }
        assert!(!backoff.wait().await);
    }

    #[tokio::test]
    async fn it_ends_with_its_time() {
        assert!(!backoff(u32::MAX, Duration::ZERO).wait().await);
    }

    #[tokio::test]
    async fn a_wait_grows_to_a_limit() {
        let mut backoff = backoff(10, Duration::from_secs(60));
        let mut longest = Vec::new();
        for _ in 0..6 {
            longest.push(backoff.longest_wait.as_millis());
            backoff.wait().await;
        }
        assert_eq!(longest, [1, 2, 4, 8, 16, 16]);
    }
}
