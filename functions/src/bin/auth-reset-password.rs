//! The Lambda function `auth-reset-password`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::recovery::reset_password::ENDPOINT)
}
