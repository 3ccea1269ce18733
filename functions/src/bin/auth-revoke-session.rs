//! The Lambda function `auth-revoke-session`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::revoke_session::ENDPOINT)
}
