//! The Lambda function `auth-verify-password`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::verify_password::ENDPOINT)
}
