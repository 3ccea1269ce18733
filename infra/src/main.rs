//! `cargo run`: the whole product on this machine.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use infra::{
    demo, site,
    smtp::SmtpServer,
    stack::{Data, Options, Stack, StackError, site_path, template_path},
};
use shared::telemetry;
use tracing::level_filters::LevelFilter;

/// Runs the API, its functions and its tables on this machine.
#[derive(Debug, Parser)]
#[command(name = "cargo run --")]
struct Arguments {
    /// The port of the API; 0 picks a free one.
    #[arg(long, default_value_t = 9000)]
    port: u16,
    /// The address that DynamoDB's port listens on. It has no authentication: whoever reaches it reads and changes everything.
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    dynamodb_host: IpAddr,
    /// The port of DynamoDB; 0 picks a free one.
    #[arg(long, default_value_t = 8000)]
    dynamodb_port: u16,
    /// The directory for the data, or `:memory:`.
    #[arg(long, default_value = ".local")]
    data: PathBuf,
    /// Make no demo account.
    #[arg(long)]
    no_demo: bool,
    /// What to log: error, warn, info, debug, trace or off.
    #[arg(long, default_value = "warn")]
    log: LevelFilter,
    /// The directory of the web application's export [default: frontend/out in the repository].
    #[arg(long)]
    site: Option<PathBuf>,
    /// Hand mails to a server instead of the mailbox: one that asks for no password, such as localhost:1025.
    #[arg(long, value_name = "HOST:PORT")]
    smtp: Option<SmtpServer>,
    /// Count requests and refuse too many, as the deployed API does.
    #[arg(long)]
    limits: bool,
    /// Serve the tables alone, for `cargo lambda watch` and `sam local`.
    #[arg(long)]
    dynamodb_only: bool,
}

impl Arguments {
    fn site_path(&self) -> PathBuf {
        self.site.clone().unwrap_or_else(site_path)
    }
}

impl From<&Arguments> for Options {
    fn from(arguments: &Arguments) -> Self {
        Self {
            port: arguments.port,
            dynamodb_host: arguments.dynamodb_host,
            dynamodb_port: arguments.dynamodb_port,
            data: if arguments.data.as_os_str() == ":memory:" {
                Data::Memory
            } else {
                Data::Directory(arguments.data.clone())
            },
            demo: !arguments.no_demo,
            dynamodb_only: arguments.dynamodb_only,
            limits: arguments.limits,
            smtp: arguments.smtp.clone(),
            base_url: variable("BASE_URL"),
            cors_origins: variable("CORS_ORIGINS"),
            cors_allow_headers: variable("CORS_ALLOW_HEADERS"),
            template: template_path(),
            site: Some(arguments.site_path()),
        }
    }
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    telemetry::init_at(arguments.log);
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says where everything is, then that it is ready, in a form that a script can wait for.
#[expect(clippy::print_stdout, reason = "standard output is what this is for")]
fn greet(arguments: &Arguments, stack: &Stack) {
    let (api, dynamodb) = (stack.api_url(), stack.dynamodb_url());
    println!("DynamoDB  {dynamodb}  (tables of template.yaml, data in {})", arguments.data.display());
    if arguments.dynamodb_only {
        println!("ready {dynamodb}");
        return;
    }
    println!("API       {api}");
    let site = if site::is_built(&arguments.site_path()) {
        api.as_str()
    } else {
        "not built yet: cd frontend && npm ci && npm run build"
    };
    println!("Web       {site}");
    match &arguments.smtp {
        None => println!("Mail      {api}/_local/mail"),
        Some(server) => println!("Mail      to {}:{}", server.host, server.port),
    }
    if !arguments.no_demo {
        let user = demo::PRINCIPAL.user_id;
        println!("Demo      {} / {}\n", demo::EMAIL, demo::PASSWORD);
        println!("Try:");
        println!(
            "  TOKEN=$(curl -s {api}/api/auth/login -H 'content-type: application/json' \\\n    -d '{{\"email\": \"{}\", \"password\": \"{}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')",
            demo::EMAIL,
            demo::PASSWORD,
        );
        println!("  curl {api}/api/{user}/tasks -H \"authorization: Bearer $TOKEN\"");
        println!(
            "  curl {api}/api/{user}/tasks -H \"authorization: Bearer $TOKEN\" \\\n    -H 'content-type: application/json' -d '{{\"title\": \"Buy milk\"}}'\n"
        );
    }
    println!("ready {api}");
}

async fn run(arguments: &Arguments) -> Result<(), StackError> {
    let stack = Stack::start(arguments.into()).await?;
    greet(arguments, &stack);
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut terminate {
            Some(signal) => signal.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
    stack.stop().await;
    Ok(())
}
