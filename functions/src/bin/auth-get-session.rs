//! The Lambda function `auth-get-session`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::get_session::ENDPOINT)
}
