//! The Lambda function `auth-delete-user`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::delete_user::ENDPOINT)
}
