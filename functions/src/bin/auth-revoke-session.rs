//! The Lambda function `auth-revoke-session`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::revoke_session::ENDPOINT)
}
