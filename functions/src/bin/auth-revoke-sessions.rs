//! The Lambda function `auth-revoke-sessions`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::revoke_sessions::ENDPOINT)
}
