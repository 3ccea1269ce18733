//! The Lambda function `auth-request-password-reset`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::recovery::request_password_reset::ENDPOINT)
}
