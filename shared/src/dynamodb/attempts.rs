use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_sdk_dynamodb::{
    config::{ConfigBag, Intercept, RuntimeComponents, interceptors::FinalizerInterceptorContextRef},
    error::{BoxError, ProvideErrorMetadata, SdkError},
};
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use tokio::task_local;

use super::store_error;
use crate::{Error, transport::NotConnected};

/// The attempts of a write: whether the answer of any was lost, so that it may have been carried out.
#[derive(Debug, Clone)]
pub struct Attempts {
    is_one_lost: Arc<AtomicBool>,
}

task_local! {
    /// The attempts of the call that is under way.
    static WATCHED: Attempts;
}

impl Attempts {
    /// Carries out a call of a client that [`connect`](super::connect) has made, and gives its attempts with what came of it.
    pub async fn watch<T>(call: impl Future<Output = T>) -> (T, Self) {
        let attempts = Self { is_one_lost: Arc::default() };
        (WATCHED.scope(attempts.clone(), call).await, attempts)
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
        let is_lost = match context.output_or_error() {
            None => true,
            Some(Ok(_)) => false,
            Some(Err(error)) => {
                let is_server_error = context.response().is_some_and(|response| response.status().is_server_error());
                is_server_error || error.is_timeout_error() || error.is_response_error() || is_lost_on_the_way(error)
            }
        };
        if is_lost {
            // What only reads has nobody watching.
            let _ = WATCHED.try_with(|attempts| attempts.is_one_lost.store(true, Ordering::Relaxed));
        }
        Ok(())
    }
}

fn is_lost_on_the_way<E>(error: &OrchestratorError<E>) -> bool {
    let error = error.as_connector_error();
    error
        .is_some_and(|error| !std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<NotConnected>))
}
