//! The Lambda function `auth-send-verification-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::email::send_verification_email::ENDPOINT)
}
