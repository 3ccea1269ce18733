//! The Lambda function `auth-verify-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::email::verify_email::ENDPOINT)
}
