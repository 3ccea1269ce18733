//! Logs: one JSON line per request, or per letter or account of a worker, on standard output, which Lambda sends to CloudWatch.
//!
//! A line says which function answered which request how, for whom and how fast, in the fewest bytes that do. It never holds a
//! password, a token, an address or a body: where a password was wrong or there were too many requests, it has what stands for
//! the address that they came from and for the account, by which lines can be put together.

mod line;

use std::time::Instant;

use tracing::{Span, Subscriber, field, level_filters::LevelFilter};
use tracing_subscriber::{Layer as _, filter::Targets, fmt::MakeWriter, layer::SubscriberExt as _};

use self::line::{Line, Members};
use crate::Error;

/// Starts logging at the level of `AWS_LAMBDA_LOG_LEVEL` (`TRACE` to `FATAL`, `INFO` by default).
pub fn init() {
    init_at(level_of(std::env::var("AWS_LAMBDA_LOG_LEVEL").ok().as_deref()));
}

/// The level that Lambda calls by a name. Lambda's `FATAL` is what nothing here is worse than: an error.
fn level_of(name: Option<&str>) -> LevelFilter {
    match name.unwrap_or_default().to_ascii_uppercase().as_str() {
        "TRACE" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "WARN" => LevelFilter::WARN,
        "ERROR" | "FATAL" => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

/// Starts logging at a level. Has no effect the second time.
pub fn init_at(level: LevelFilter) {
    // Fails only if there is one already, which then does the same.
    let _ = tracing::subscriber::set_global_default(subscriber(level, std::io::stdout));
}

/// What writes the log, to wherever `writer` leads.
///
/// The AWS SDK logs at `TRACE` what it is answered, which has addresses and password hashes in it: other crates than ours stop at
/// `DEBUG`.
pub fn subscriber<W>(level: LevelFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let ours = ["shared", "functions", "infra"].map(|target| (target, level));
    let targets = Targets::new().with_default(level.min(LevelFilter::DEBUG)).with_targets(ours);
    let lines = tracing_subscriber::fmt::layer().fmt_fields(Members).event_format(Line).with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(targets))
}

/// The span of one request: everything logged inside carries its fields. `request_id` is the gateway's, which its answers and ours
/// have in them; `cold_start` is there on the first request of an environment alone.
pub fn request_span(function: &'static str, request_id: &str, cold_start: bool) -> Span {
    let cold_start = cold_start.then_some(true);
    tracing::info_span!(
        "request",
        function,
        request_id,
        cold_start,
        user_id = field::Empty,
        client = field::Empty,
        account = field::Empty
    )
}

/// Notes in the log what stands for the address that a request came from and for the account that it was about, so that lines
/// about the same can be found together.
pub fn record_attempt(client: &str, account: Option<&str>) {
    tracing::record_all!(Span::current(), client = client, account = account);
}

/// Logs that requests could not be counted, so that this one is answered without.
pub fn log_uncounted(error: &Error) {
    tracing::warn!(cause = chain(error), "not counted");
}

/// Logs that a function was invoked with something that is no request.
pub fn log_ignored(function: &'static str, lambda_request_id: &str) {
    tracing::info!(function, lambda_request_id, "ignored an event that is no request");
}

/// The span of one invocation of a function that no request starts.
pub fn worker_span(function: &'static str, lambda_request_id: &str) -> Span {
    tracing::info_span!("invocation", function, lambda_request_id)
}

/// Logs that something was not done and will be tried again: a record of a stream, or what a request does beside what it is for. A
/// store or a mail service that is not available is a warning, a fault of ours is an error. `id` says what.
pub fn log_postponed(id: impl std::fmt::Display, error: &Error) {
    match error {
        Error::Internal(cause) => tracing::error!(%id, cause = chain(cause.as_ref()), "postponed"),
        other => tracing::warn!(%id, cause = chain(other), "postponed"),
    }
}

/// Logs how a request was answered: with the code that the client saw, and the cause where something went wrong. Faults of ours
/// are errors, a store that is not available is a warning, everything else is news. What went wrong has Lambda's own id of the
/// request, too: whoever looks into that asks AWS next.
pub fn log_answer(status: u16, code: &str, error: Option<&Error>, lambda_request_id: &str, begun: Instant) {
    let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match error {
        None => tracing::info!(status, duration_ms, "answered"),
        Some(Error::Internal(cause)) => {
            tracing::error!(status, duration_ms, code, lambda_request_id, cause = chain(cause.as_ref()), "answered");
        }
        Some(Error::Unavailable(cause) | Error::OutcomeUnknown(cause)) => {
            tracing::warn!(status, duration_ms, code, lambda_request_id, cause = chain(cause.as_ref()), "answered");
        }
        Some(Error::NotAuthenticated(reason) | Error::SessionEnded(reason)) => {
            tracing::info!(status, duration_ms, code, reason, "answered");
        }
        Some(Error::RateLimited(seconds)) => {
            tracing::info!(status, duration_ms, code, reason = "too many requests", retry_after = seconds, "answered");
        }
        Some(_) => tracing::info!(status, duration_ms, code, "answered"),
    }
}

/// An error and what caused it, down to the root. An error that only repeats its cause is said once.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut causes: Vec<_> =
        std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect();
    causes.dedup();
    causes.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_lambda_and_info_without_one() {
        for (name, level) in [
            (None, LevelFilter::INFO),
            (Some(""), LevelFilter::INFO),
            (Some("INFO"), LevelFilter::INFO),
            (Some("TRACE"), LevelFilter::TRACE),
            (Some("debug"), LevelFilter::DEBUG),
            (Some("WARN"), LevelFilter::WARN),
            (Some("ERROR"), LevelFilter::ERROR),
            (Some("FATAL"), LevelFilter::ERROR),
        ] {
            assert_eq!(level_of(name), level, "{name:?}");
        }
    }
}
