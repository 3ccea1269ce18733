//! The Lambda function `auth-me`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::me::ENDPOINT)
}
