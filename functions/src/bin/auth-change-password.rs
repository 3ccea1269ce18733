//! The Lambda function `auth-change-password`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::change_password::ENDPOINT)
}
