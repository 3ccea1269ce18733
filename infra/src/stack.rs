//! The local stack: store, functions and gateway in one process.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use shared::App;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use crate::dynamodb::Data;
use crate::{
    demo,
    dynamodb::{DynamoDb, DynamoDbError},
    gateway::{Gateway, GatewayError},
    post::{Post, PostError},
    site::Site,
    smtp::SmtpServer,
    template::{Template, TemplateError},
    workers,
};

/// The values of `infra/local.env`, which every local way of running starts from.
const LOCAL_ENV: &str = include_str!("../local.env");

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The API's port; 0 picks a free one.
    pub port: u16,
    /// The address that the store listens on.
    pub dynamodb_host: IpAddr,
    /// The store's port; 0 picks a free one.
    pub dynamodb_port: u16,
    /// Where the data is kept.
    pub data: Data,
    /// Whether there is a demo account.
    pub demo: bool,
    /// Whether to run the store alone.
    pub dynamodb_only: bool,
    /// Whether requests are counted, and too many refused, whatever the environment says.
    pub limits: bool,
    /// The API's public origin, instead of the address that it listens on.
    pub base_url: Option<String>,
    /// Origins that may call, instead of those of the template.
    pub cors_origins: Option<String>,
    /// Request headers that pages of those may send beside those that the API reads, instead of those of the template: names with
    /// commas between them.
    pub cors_allow_headers: Option<String>,
    /// A server to hand mails to, instead of the mailbox.
    pub smtp: Option<SmtpServer>,
    /// The template.
    pub template: PathBuf,
    /// Where the web application's export is or will be; without it, there is the API alone.
    pub site: Option<PathBuf>,
}

impl Default for Options {
    /// In memory, on free ports: what a test wants.
    fn default() -> Self {
        Self {
            port: 0,
            dynamodb_host: Ipv4Addr::LOCALHOST.into(),
            dynamodb_port: 0,
            data: Data::Memory,
            demo: false,
            dynamodb_only: false,
            limits: false,
            base_url: None,
            cors_origins: None,
            cors_allow_headers: None,
            smtp: None,
            template: template_path(),
            site: None,
        }
    }
}

/// Where the build of the web application puts its export.
pub fn site_path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../frontend/out"))
}

/// Where the repository's template is.
pub fn template_path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml"))
}

/// Why the stack cannot be started: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// The template is of no use.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The store cannot be started.
    #[error(transparent)]
    DynamoDb(#[from] DynamoDbError),
    /// The routes cannot be served.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The rules of the web application are of no use.
    #[error("frontend/src/lib/routes.json is not understood: {0}")]
    Site(serde_json::Error),
    /// Mails have nowhere to go.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The API's port is taken.
    #[error("port {port} cannot be listened on ({source}); stop what uses it, or choose another with --port")]
    Port {
        /// The port.
        port: u16,
        /// Why not.
        source: std::io::Error,
    },
    /// A list of headers has something else in it.
    #[error(
        "CORS_ALLOW_HEADERS has {0:?}, which is no name of a header; list names such as traceparent, separated by commas"
    )]
    AllowHeaders(String),
    /// The functions refuse to start.
    #[error("the functions cannot start: {0}")]
    Functions(Box<dyn std::error::Error + Send + Sync>),
    /// The demo account cannot be made.
    #[error("the demo account cannot be made: {0}")]
    Demo(shared::Error),
}

/// A running stack.
#[derive(Debug)]
pub struct Stack {
    /// Where the API listens, unless the store runs alone.
    pub api: Option<SocketAddr>,
    dynamodb: DynamoDb,
    server: Option<JoinHandle<()>>,
    workers: Vec<JoinHandle<()>>,
    stop: watch::Sender<()>,
}

impl Stack {
    /// Starts everything; it serves when this returns.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        let allow_headers = options.cors_allow_headers.as_deref().map(header_names).transpose()?;
        let parameters: Vec<_> = allow_headers.iter().map(|names| ("CorsAllowHeaders", names.as_str())).collect();
        let template = Template::read_with(&options.template, &parameters)?.with_tables_named_by(local_variable);
        let (stop, stopped) = watch::channel(());
        let dynamodb_address = (options.dynamodb_host, options.dynamodb_port).into();
        let dynamodb = DynamoDb::start(&template, &options.data, dynamodb_address, stopped.clone()).await?;

        let listener = if options.dynamodb_only {
            None
        } else {
            let port_error = |source| StackError::Port { port: options.port, source };
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(port_error)?;
            Some((listener.local_addr().map_err(port_error)?, listener))
        };
        let listens_at = listener.as_ref().map(|(address, _)| format!("http://{address}"));
        let mut cors_origins = options.cors_origins.unwrap_or_else(|| template.cors.allow_origins.join(","));
        if let (Some(_), Some((address, _))) = (&options.site, &listener) {
            // The address by both its names, which people type, whatever the API calls itself.
            cors_origins += &format!(",http://{address},http://localhost:{}", address.port());
        }
        let base_url = options.base_url.or(listens_at);
        let endpoint = dynamodb.endpoint();
        let app = App::from_variables(|name| match name {
            "AWS_ENDPOINT_URL_DYNAMODB" => Some(endpoint.clone()),
            "CORS_ORIGINS" => Some(cors_origins.clone()),
            "BASE_URL" => base_url.clone(),
            "RATE_LIMITS" if options.limits => Some("true".to_owned()),
            name => local_variable(name),
        })
        .await
        .map_err(StackError::Functions)?;
        if options.demo {
            demo::seed(&app).await.map_err(StackError::Demo)?;
        }

        let mail_directory = match &options.data {
            Data::Memory => None,
            Data::Directory(directory) => Some(directory.join("mail")),
        };
        let mail_from = local_variable("MAIL_FROM").unwrap_or_default();
        let post = Post::open(options.smtp.as_ref(), &mail_from, mail_directory.as_deref(), &app)?;
        let pages = post.routes();
        let workers = workers::start(&template, &dynamodb.database, &app, post, &stopped);

        let Some((address, listener)) = listener else {
            return Ok(Self { api: None, dynamodb, server: None, workers, stop });
        };
        let api = Gateway::new(&template, app)?.into_router();
        let router = match options.site {
            Some(directory) => Site::new(directory, &template).map_err(StackError::Site)?.in_front_of(api),
            None => api,
        };
        let service = router.merge(pages).into_make_service_with_connect_info::<SocketAddr>();
        let mut stopped = stopped;
        let until_stopped = async move {
            // An error is the sender's end, which means the same.
            let _ = stopped.changed().await;
        };
        let server = tokio::spawn(async move {
            // Accepting connections does not fail for good; what it would say, nobody is left to hear.
            let _ = axum::serve(listener, service).with_graceful_shutdown(until_stopped).await;
        });
        Ok(Self { api: Some(address), dynamodb, server: Some(server), workers, stop })
    }

    /// The API's URL; empty where the store runs alone.
    pub fn api_url(&self) -> String {
        self.api.map(|address| format!("http://{address}")).unwrap_or_default()
    }

    /// The store's URL.
    pub fn dynamodb_url(&self) -> String {
        self.dynamodb.endpoint()
    }

    /// Lets the requests under way finish, and ends.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        if let Some(server) = self.server {
            let _ = server.await;
        }
        for worker in self.workers {
            let _ = worker.await;
        }
        self.dynamodb.stopped().await;
    }
}

/// The names in a list of headers, without blanks and gaps.
fn header_names(list: &str) -> Result<String, StackError> {
    let names: Vec<_> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_name = |name: &&&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    match names.iter().find(|name| !is_name(name)) {
        Some(name) => Err(StackError::AllowHeaders((*name).to_owned())),
        None => Ok(names.join(",")),
    }
}

/// A variable of the process, else of `infra/local.env`.
pub fn local_variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).or_else(|| {
        let mut lines = LOCAL_ENV.lines().filter_map(|line| line.split_once('='));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
    })
}
