//! The Lambda function `auth-list-sessions`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::list_sessions::ENDPOINT)
}
