//! The Lambda function `auth-revoke-sessions`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::revoke_sessions::ENDPOINT)
}
