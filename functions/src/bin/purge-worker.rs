//! The Lambda function `purge-worker`.

fn main() -> std::process::ExitCode {
    functions::worker::purge::run()
}
