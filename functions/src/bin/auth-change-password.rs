//! The Lambda function `auth-change-password`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::change_password::ENDPOINT)
}
