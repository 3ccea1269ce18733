//! The Lambda function `auth-ok`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::ok::ENDPOINT)
}
