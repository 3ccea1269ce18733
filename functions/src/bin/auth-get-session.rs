//! The Lambda function `auth-get-session`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::get_session::ENDPOINT)
}
