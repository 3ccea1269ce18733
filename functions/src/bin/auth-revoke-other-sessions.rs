//! The Lambda function `auth-revoke-other-sessions`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::revoke_other_sessions::ENDPOINT)
}
