//! The Lambda function `auth-sign-in-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::email::sign_in::ENDPOINT)
}
