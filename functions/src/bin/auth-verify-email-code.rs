//! The Lambda function `auth-verify-email-code`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::verify_email::ENDPOINT)
}
