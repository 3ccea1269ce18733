//! The Lambda function `auth-error`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::error::ENDPOINT)
}
