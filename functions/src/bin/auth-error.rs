//! The Lambda function `auth-error`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::error::ENDPOINT)
}
