//! The Lambda function `auth-sign-in-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::sign_in_email::ENDPOINT)
}
