//! The Lambda function `auth-token`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::token::ENDPOINT)
}
