//! The Lambda function `auth-token`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::token::ENDPOINT)
}
