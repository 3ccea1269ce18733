//! The Lambda function `auth-login`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::login::ENDPOINT)
}
