//! The Lambda function `auth-update-user`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::update_user::ENDPOINT)
}
