//! The time by which a request has to be answered, which all its calls share: each of them may take long, and together they would
//! take longer than the function has.

use std::time::Duration;

use aws_sdk_dynamodb::config::{
    ConfigBag, Intercept, interceptors::BeforeSerializationInterceptorContextRef, timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::error::BoxError;
use tokio::{task_local, time::Instant};

task_local! {
    static END: Instant;
}

/// Carries out what is to be over by `end`: from then on every call that it makes fails, those under way among them.
pub async fn until<T>(end: Instant, work: impl Future<Output = T>) -> T {
    END.scope(end, work).await
}

/// When what is carried out has to be over, if that is said.
pub(super) fn end() -> Option<Instant> {
    END.try_with(|end| *end).ok()
}

/// Gives each call what time is left.
#[derive(Debug)]
pub(super) struct Deadline;

impl Intercept for Deadline {
    fn name(&self) -> &'static str {
        "deadline"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(end) = end() {
            let left = end.saturating_duration_since(Instant::now());
            let own = config.load::<TimeoutConfig>().and_then(TimeoutConfig::operation_timeout);
            let time = own.unwrap_or(Duration::MAX).min(left);
            config.interceptor_state().store_put(TimeoutConfig::builder().operation_timeout(time).build());
        }
        Ok(())
    }
}
