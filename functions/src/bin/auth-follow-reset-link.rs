//! The Lambda function `auth-follow-reset-link`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::recovery::follow_reset_link::ENDPOINT)
}
