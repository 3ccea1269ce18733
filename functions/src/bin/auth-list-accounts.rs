//! The Lambda function `auth-list-accounts`.

fn main() -> std::process::ExitCode {
    functions::run(functions::auth::list_accounts::ENDPOINT)
}
