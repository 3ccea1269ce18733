//! The Lambda function `auth-sign-up-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::email::sign_up::ENDPOINT)
}
