//! From a process to the Lambda runtime.

use std::process::ExitCode;

use shared::telemetry;

/// Runs a function until its environment ends.
pub(crate) fn run(function: impl Future<Output = Result<(), lambda_http::Error>>) -> ExitCode {
    telemetry::init();
    // One event at a time needs one thread; hashing has a thread of its own.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed_to_start(&error),
    };
    match runtime.block_on(function) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed_to_start(error.as_ref()),
    }
}

fn failed_to_start(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!(cause = %error, "the function cannot run");
    ExitCode::FAILURE
}
