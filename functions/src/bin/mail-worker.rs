//! The Lambda function `mail-worker`.

fn main() -> std::process::ExitCode {
    functions::worker::mail::run()
}
