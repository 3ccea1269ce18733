//! The Lambda function `auth-change-email`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::change_email::ENDPOINT)
}
