//! The Lambda function `auth-list-accounts`.

fn main() -> std::process::ExitCode {
    functions::run(functions::better_auth::account::list_accounts::ENDPOINT)
}
