//! The Lambda function `auth-list-sessions`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::list_sessions::ENDPOINT)
}
