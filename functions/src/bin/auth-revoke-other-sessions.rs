//! The Lambda function `auth-revoke-other-sessions`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::revoke_other_sessions::ENDPOINT)
}
