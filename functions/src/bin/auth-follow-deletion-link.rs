//! The Lambda function `auth-follow-deletion-link`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::follow_deletion_link::ENDPOINT)
}
