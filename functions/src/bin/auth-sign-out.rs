//! The Lambda function `auth-sign-out`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::session::sign_out::ENDPOINT)
}
