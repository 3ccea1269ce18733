//! What is built once per cold start and handed to every endpoint.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aws_sdk_dynamodb::Client;

use crate::{
    Error,
    clock::Clock,
    config::Config,
    dynamodb::connect,
    gate::Gate,
    http::Request,
    identity::{Credential, Principal, keys::KeyRing, password_hash::PasswordHasher},
    random::Random,
    store::Store,
};

/// Configuration, keys and clients.
#[derive(Debug, Clone)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// The keys derived from the secret.
    pub keys: Arc<KeyRing>,
    /// The tables.
    pub store: Store,
    /// The password hasher.
    pub passwords: PasswordHasher,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    answered_before: Arc<AtomicBool>,
}

impl App {
    /// Builds an app of its parts.
    ///
    /// # Errors
    /// [`Error::Internal`] if the keys cannot be derived.
    pub fn new(config: Config, client: Client, clock: Clock, random: Random) -> Result<Self, Error> {
        Ok(Self {
            keys: Arc::new(KeyRing::derive(&config)?),
            store: Store::new(client, config.tables.clone()),
            passwords: PasswordHasher::new(random.clone())?,
            config: Arc::new(config),
            clock,
            random,
            answered_before: Arc::default(),
        })
    }

    /// Builds an app from environment variables, read through `variable`.
    ///
    /// # Errors
    /// What to change in the environment.
    pub async fn from_variables(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let config = Config::from_variables(&variable)?;
        let client = connect(variable).await?;
        Ok(Self::new(config, client, Clock::system(), Random::secure())?)
    }

    /// Builds an app that is not given the secret: its keys are of one that nobody knows and that ends with it, so no token counts and
    /// what it would sign counts nowhere.
    ///
    /// # Errors
    /// What to change in the environment.
    pub async fn without_secret(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let random = Random::secure();
        let nobodys = format!("{}{}", random.uuid()?, random.uuid()?);
        Self::from_variables(|name| match name {
            "JWT_SECRET_KEY" => Some(nobodys.clone()),
            "JWT_SECRET_KEY_PREVIOUS" => None,
            name => variable(name),
        })
        .await
    }

    /// The same app, whose writes and comparisons of passwords wait for a gate.
    #[must_use]
    pub fn behind(&self, gate: &Gate) -> Self {
        Self { store: self.store.behind(gate), passwords: self.passwords.behind(gate), ..self.clone() }
    }

    /// The credential that came with a request.
    pub fn credential(&self, request: &Request) -> Credential {
        Credential::of(&self.keys, request, self.clock.now())
    }

    /// Who is calling in the plain dialect; whether their session is alive is still open.
    ///
    /// # Errors
    /// Those of [`Credential::plain`].
    pub fn principal(&self, request: &Request) -> Result<Principal, Error> {
        let principal = self.credential(request).plain(request, &self.config.trusted_origins)?;
        principal.record();
        Ok(principal)
    }

    /// Whether this is the first request since the cold start.
    pub fn is_first_request(&self) -> bool {
        !self.answered_before.swap(true, Ordering::Relaxed)
    }
}
