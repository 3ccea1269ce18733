//! The Lambda function `auth-logout`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::logout::ENDPOINT)
}
