//! The Lambda function `auth-sign-up-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::sign_up_email::ENDPOINT)
}
