//! The Lambda function `auth-sign-out`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::sign_out::ENDPOINT)
}
