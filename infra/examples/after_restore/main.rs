//! After a backup was restored: what was revoked stays revoked, what was deleted stays deleted, and the tables agree with each other.
//!
//! ```sh
//! eval "$(aws configure export-credentials --format env)"
//! export AWS_REGION=eu-central-1 USERS_TABLE=<UsersTable> CREDENTIALS_TABLE=<CredentialsTable>
//! export SESSIONS_TABLE=<SessionsTable> TASKS_TABLE=<TasksTable> DELETIONS_TABLE=<DeletionsTable>
//! cargo run --example after_restore             # says what it would do
//! cargo run --example after_restore -- --write  # does it
//! ```
#![allow(clippy::print_stdout, reason = "a program that reports")]

mod repair;

use std::process::ExitCode;

use clap::Parser;
use shared::dynamodb::connect;

use repair::{Tables, repair};

/// Makes restored tables fit to be used.
#[derive(Debug, Parser)]
struct Arguments {
    /// Change the tables, not only say what would change.
    #[arg(long)]
    write: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let variable = |name: &str| std::env::var(name).ok();
    let work = async {
        let client = connect(variable).await?;
        repair(&client, &Tables::from_variables(variable), arguments.write, |line| println!("{line}")).await
    };
    match work.await {
        Ok(changes) if arguments.write => println!("{changes} changes made"),
        Ok(changes) => println!("{changes} changes to make; run again with --write"),
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
