//! The Lambda function `auth-verify-password`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::verify_password::ENDPOINT)
}
