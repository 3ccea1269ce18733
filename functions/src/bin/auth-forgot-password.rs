//! The Lambda function `auth-forgot-password`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::forgot_password::ENDPOINT)
}
