use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        http::HttpResponse,
        interceptors::{FinalizerInterceptorContextRef, InterceptorContext},
        retry::{ClassifyRetry, RetryAction},
    },
    error::{BoxError, ProvideErrorMetadata, SdkError},
};
use aws_smithy_runtime_api::client::{interceptors::context, orchestrator::OrchestratorError};
use tokio::task_local;

use super::store_error;
use crate::{Error, transport::NotConnected};

/// The attempts of a write: whether the answer of any was lost, so that it may have been carried out.
#[derive(Debug, Clone, Default)]
pub struct Attempts {
    is_one_lost: Arc<AtomicBool>,
    ends_with_a_lost_one: bool,
}

task_local! {
    /// The attempts of the call that is under way.
    static WATCHED: Attempts;
}

impl Attempts {
    /// Those of a call that must not be carried out twice, and has nothing by which a second attempt knows of the first: once an
    /// answer is lost, it is not sent again.
    pub fn until_one_is_lost() -> Self {
        Self { ends_with_a_lost_one: true, ..Self::default() }
    }

    /// Carries out a call of a client that [`connect`](super::connect) has made, and gives its attempts with what came of it.
    pub async fn watch<T>(call: impl Future<Output = T>) -> (T, Self) {
        Self::default().of(call).await
    }

    /// The same with these attempts.
    pub async fn of<T>(self, call: impl Future<Output = T>) -> (T, Self) {
        (WATCHED.scope(self.clone(), call).await, self)
    }

    /// Whether the answer of an attempt was lost, also of one that was followed by others.
    pub fn is_one_lost(&self) -> bool {
        self.is_one_lost.load(Ordering::Relaxed)
    }

    /// What a write means that failed for the last time: the request may be sent again only if none of its attempts can have
    /// been carried out.
    pub fn error<E>(&self, error: SdkError<E>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        // Of an attempt that the time of the whole call has ended nobody is told.
        let is_one_lost = self.is_one_lost() || matches!(error, SdkError::TimeoutError(_));
        match store_error(error) {
            Error::Unavailable(cause) if is_one_lost => Error::OutcomeUnknown(cause),
            error => error,
        }
    }
}

/// Tells a call's attempts what became of each. It is the client's, which knows all its interceptors beforehand: for one that is a
/// call's own the SDK puts the configuration of the call together anew.
#[derive(Debug)]
pub(super) struct Watcher;

impl Intercept for Watcher {
    fn name(&self) -> &'static str {
        "attempts"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if is_lost(context.output_or_error(), context.response()) {
            // What only reads has nobody watching.
            let _ = WATCHED.try_with(|attempts| attempts.is_one_lost.store(true, Ordering::Relaxed));
        }
        Ok(())
    }
}

/// Keeps the SDK from sending again what ends with a lost answer.
#[derive(Debug)]
pub(super) struct LostAnswers;

impl ClassifyRetry for LostAnswers {
    fn name(&self) -> &'static str {
        "lost answers"
    }

    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let is_the_end = WATCHED.try_with(|attempts| attempts.ends_with_a_lost_one) == Ok(true)
            && is_lost(context.output_or_error(), context.response());
        if is_the_end { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }
}

/// Whether an attempt may have been carried out although nobody was told.
fn is_lost(
    told: Option<Result<&context::Output, &OrchestratorError<context::Error>>>,
    response: Option<&HttpResponse>,
) -> bool {
    match told {
        None => true,
        Some(Ok(_)) => false,
        Some(Err(error)) => {
            let is_server_error = response.is_some_and(|response| response.status().is_server_error());
            is_server_error || error.is_timeout_error() || error.is_response_error() || is_lost_on_the_way(error)
        }
    }
}

fn is_lost_on_the_way<E>(error: &OrchestratorError<E>) -> bool {
    let error = error.as_connector_error();
    error
        .is_some_and(|error| !std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<NotConnected>))
}
