//! The Lambda function `auth-jwks`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::jwks::ENDPOINT)
}
