//! The Lambda function `auth-jwks`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::jwks::ENDPOINT)
}
