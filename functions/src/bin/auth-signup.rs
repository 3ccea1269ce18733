//! The Lambda function `auth-signup`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::signup::ENDPOINT)
}
