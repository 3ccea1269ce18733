//! The Lambda function `auth-update-session`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::update_session::ENDPOINT)
}
