//! The Lambda function `auth-export`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::export::ENDPOINT)
}
