//! The Lambda function `auth-update-user`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::update_user::ENDPOINT)
}
