//! The time, handed in so that tests can choose it.

use std::{sync::Arc, time::Duration};

use time::OffsetDateTime;

use crate::domain::Timestamp;

/// How long a wait goes on without a look at the clock.
const STEP: Duration = Duration::from_millis(200);

/// A source of the current time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::from_fn(|| Timestamp::from(OffsetDateTime::now_utc()))
    }

    /// A clock that answers what `now` answers.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The current time, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }

    /// Returns when it is `moment`. The clock decides, not a timer: it is looked at again and again.
    pub async fn wait_until(&self, moment: Timestamp) {
        while self.now() < moment {
            let left = u64::try_from(moment.millis().saturating_sub(self.now().millis())).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(left.max(1)).min(STEP)).await;
        }
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
