//! The configuration: environment variables, read once per cold start.

mod mails;

use std::collections::HashSet;

use secrecy::SecretString;

pub use self::mails::Mails;
use crate::domain::Origin;

/// How access tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JwtAlgorithm {
    /// Ed25519 (RFC 8037), with a key derived from the secret and published at `/api/auth/jwks`.
    #[default]
    EdDsa,
    /// HMAC-SHA-256 under the secret itself, so that a sibling service that knows it can verify.
    Hs256,
}

/// The names of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Profiles.
    pub users: String,
    /// Email to password hash.
    pub credentials: String,
    /// Who is signed in.
    pub sessions: String,
    /// Tasks.
    pub tasks: String,
    /// Idempotency keys.
    pub idempotency: String,
    /// Mails that are to be sent.
    pub outbox: String,
    /// Accounts that are deleted, and what of them is still to be removed.
    pub deletions: String,
}

/// The fewest different characters of a secret on Lambda.
const MIN_DIFFERENT_CHARS: usize = 6;

/// Everything the functions are configured with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The one secret. Every key is derived from it.
    pub secret: SecretString,
    /// The secret before the last rotation, which still verifies.
    pub previous_secret: Option<SecretString>,
    /// How access tokens are signed.
    pub jwt_algorithm: JwtAlgorithm,
    /// How long an access token and its session live, in seconds.
    pub access_token_seconds: i64,
    /// Origins of frontends, beside the API's own.
    pub trusted_origins: Vec<Origin>,
    /// The API's public origin; without it, the gateway says which it is.
    pub base_url: Option<Origin>,
    /// What the distribution in front shows to be believed: its secret, and the one before the last rotation. Empty where there is
    /// none.
    pub origin_secrets: Vec<SecretString>,
    /// Whether the API refuses what did not come through that distribution.
    pub is_closed: bool,
    /// The domain whose hosts see the cookies; without one, only the API's own host does.
    pub cookie_domain: Option<String>,
    /// What mails are sent for.
    pub mails: Mails,
    /// The names of the tables.
    pub tables: Tables,
}

/// A variable that has to be changed before the functions can start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {problem}")]
pub struct ConfigError {
    /// The variable.
    pub variable: &'static str,
    /// What is wrong and what to do.
    pub problem: String,
}

impl Config {
    /// The fewest characters of `JWT_SECRET_KEY`: 32, of which a random hexadecimal digit holds 4 bits.
    pub const MIN_SECRET_CHARS: usize = 32;

    /// The secret of `infra/local.env`, with which the functions run on a developer's machine and nowhere else.
    pub const DEVELOPMENT_SECRET: &str = "local-development-secret-never-deploy-this-0000";

    /// Reads the configuration through `variable`, usually [`std::env::var`]. A variable that is set to nothing counts as
    /// not set, because a CloudFormation template cannot leave one out.
    ///
    /// # Errors
    /// The first variable that is missing or not valid.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let secret = get("JWT_SECRET_KEY").ok_or_else(|| {
            error(
                "JWT_SECRET_KEY",
                "is not set; set it to at least 32 random characters, for example `openssl rand -hex 32`",
            )
        })?;
        let previous_secret = get("JWT_SECRET_KEY_PREVIOUS");
        let is_deployed = is_deployed(get);
        let [origin_secret, previous_origin_secret] = ["ORIGIN_SECRET", "ORIGIN_SECRET_PREVIOUS"].map(get);
        for (name, value) in [
            ("JWT_SECRET_KEY", Some(&secret)),
            ("JWT_SECRET_KEY_PREVIOUS", previous_secret.as_ref()),
            ("ORIGIN_SECRET", origin_secret.as_ref()),
            ("ORIGIN_SECRET_PREVIOUS", previous_origin_secret.as_ref()),
        ] {
            if value.is_some_and(|value| value.chars().count() < Self::MIN_SECRET_CHARS) {
                return Err(error(name, "is too short; it needs at least 32 characters"));
            }
            if is_deployed && value.is_some_and(|value| is_known_or_guessed(value)) {
                return Err(error(
                    name,
                    "is published, or no random text; put a value such as that of `openssl rand -hex 32` into the secret",
                ));
            }
        }
        let jwt_algorithm = match get("JWT_ALGORITHM").as_deref() {
            None | Some("EdDSA") => JwtAlgorithm::EdDsa,
            Some("HS256") => JwtAlgorithm::Hs256,
            Some(_) => return Err(error("JWT_ALGORITHM", "must be EdDSA or HS256")),
        };
        let access_token_seconds = match get("JWT_ACCESS_TOKEN_EXPIRE_MINUTES") {
            None => 10_080 * 60,
            Some(text) => match text.trim().parse::<i64>() {
                Ok(minutes @ 1..=525_600) => minutes * 60,
                _ => {
                    return Err(error(
                        "JWT_ACCESS_TOKEN_EXPIRE_MINUTES",
                        "must be a whole number of minutes from 1 to 525600 (a year)",
                    ));
                }
            },
        };
        let base_url = match get("BASE_URL") {
            None => None,
            Some(url) => Some(Origin::parse(url.trim()).filter(Origin::is_web).ok_or_else(|| {
                error("BASE_URL", "must be an origin such as https://api.example.com, without a path")
            })?),
        };
        let is_closed = match get("API_ADDRESS").as_deref() {
            None | Some("open") => false,
            Some("closed") if origin_secret.is_some() => true,
            Some("closed") => {
                return Err(error("API_ADDRESS", "is closed to everybody; set ORIGIN_SECRET, or leave it open"));
            }
            Some(_) => return Err(error("API_ADDRESS", "must be open or closed")),
        };
        let table = |name, default: &str| match get(name) {
            None => Ok(default.to_owned()),
            Some(table) if is_table_name(&table) => Ok(table),
            Some(_) => {
                Err(error(name, "must be the name of a table: 3 to 255 letters, digits, dots, hyphens and underscores"))
            }
        };
        Ok(Self {
            secret: secret.into(),
            previous_secret: previous_secret.map(Into::into),
            jwt_algorithm,
            access_token_seconds,
            trusted_origins: trusted_origins(&get("CORS_ORIGINS").unwrap_or_default())?,
            cookie_domain: cookie_domain(get("COOKIE_DOMAIN").as_deref(), base_url.as_ref())?,
            base_url,
            mails: Mails::from_variables(&get)?,
            origin_secrets: origin_secret.into_iter().chain(previous_origin_secret).map(Into::into).collect(),
            is_closed,
            tables: Tables {
                users: table("USERS_TABLE", "Users")?,
                credentials: table("CREDENTIALS_TABLE", "Credentials")?,
                sessions: table("SESSIONS_TABLE", "Sessions")?,
                tasks: table("TASKS_TABLE", "Tasks")?,
                idempotency: table("IDEMPOTENCY_TABLE", "Idempotency")?,
                outbox: table("OUTBOX_TABLE", "Outbox")?,
                deletions: table("DELETIONS_TABLE", "Deletions")?,
            },
        })
    }
}

/// Whether this is Lambda, not one of the tools that imitate it: `cargo run` and `cargo lambda watch` do not set the first variable,
/// `sam local` sets both.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
fn is_deployed(get: impl Fn(&str) -> Option<String>) -> bool {
    get("AWS_LAMBDA_INITIALIZATION_TYPE").is_some() && get("AWS_SAM_LOCAL").is_none()
}

/// Whether a secret is the one that is published with the source code, has hardly any different characters, or says one thing
/// again and again. Of random hexadecimal digits, fewer than one secret in 10^12 does.
fn is_known_or_guessed(secret: &str) -> bool {
    let characters: Vec<char> = secret.trim().chars().collect();
    let different: HashSet<&char> = characters.iter().collect();
    let repeats = |length: usize| characters.iter().zip(characters.iter().skip(length)).all(|(one, next)| one == next);
    secret.trim() == Config::DEVELOPMENT_SECRET
        || different.len() < MIN_DIFFERENT_CHARS
        || (1..=characters.len() / 2).any(repeats)
}

/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
fn is_table_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (3..=255).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// The domain of cookies: one that a browser takes from the API, whose host has to be in it.
fn cookie_domain(domain: Option<&str>, base_url: Option<&Origin>) -> Result<Option<String>, ConfigError> {
    let Some(domain) = domain else { return Ok(None) };
    let domain = domain.trim();
    let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
    let is_host = Origin::parse(&format!("https://{domain}")).is_some_and(|origin| origin.host() == domain);
    // An address has no domain; its last label is a number.
    let ends_in_name = domain.rsplit_once('.').is_some_and(|(_, last)| !last.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_host || !ends_in_name || domain.starts_with('[') {
        return Err(error("COOKIE_DOMAIN", "must be a domain of at least two labels, such as example.com"));
    }
    let contains = |host: &str| host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
    if base_url.is_some_and(|base_url| !contains(base_url.host())) {
        return Err(error(
            "COOKIE_DOMAIN",
            "must be the host of BASE_URL or a domain above it: browsers drop any other",
        ));
    }
    Ok(Some(domain))
}

/// The origins in a list with commas. One that no browser would ever name is refused: it would trust nobody, or everybody.
fn trusted_origins(list: &str) -> Result<Vec<Origin>, ConfigError> {
    let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let origins = entries.map(|entry| {
        Origin::parse(entry).ok_or_else(|| {
            error(
                "CORS_ORIGINS",
                &format!(
                    "has {entry:?}, which is no origin; list origins such as https://app.example.com, separated by commas, \
                     without paths, quotes or wildcards"
                ),
            )
        })
    });
    origins.collect()
}

fn error(variable: &'static str, problem: &str) -> ConfigError {
    ConfigError { variable, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: (&str, &str) = ("JWT_SECRET_KEY", "0123456789abcdef0123456789abcdef");

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let config = read(&[SECRET]).unwrap();
        assert_eq!(config.jwt_algorithm, JwtAlgorithm::EdDsa);
        assert_eq!(config.access_token_seconds, 7 * 24 * 60 * 60);
        assert_eq!(config.tables.sessions, "Sessions");
        assert_eq!(config.base_url, None);
        assert!(config.trusted_origins.is_empty() && config.previous_secret.is_none());
    }

    #[test]
    fn refuses_what_cannot_be_meant() {
        for (variables, variable) in [
            (vec![], "JWT_SECRET_KEY"),
            (vec![("JWT_SECRET_KEY", "")], "JWT_SECRET_KEY"),
            (vec![("JWT_SECRET_KEY", "0123456789abcdef0123456789abcde")], "JWT_SECRET_KEY"),
            (vec![SECRET, ("JWT_SECRET_KEY_PREVIOUS", "short")], "JWT_SECRET_KEY_PREVIOUS"),
            (vec![SECRET, ("JWT_ALGORITHM", "none")], "JWT_ALGORITHM"),
            (vec![SECRET, ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "0")], "JWT_ACCESS_TOKEN_EXPIRE_MINUTES"),
            (vec![SECRET, ("BASE_URL", "https://example.com/path")], "BASE_URL"),
            (vec![SECRET, ("BASE_URL", "https://:::")], "BASE_URL"),
            (vec![SECRET, ("BASE_URL", "https://example.com:99999")], "BASE_URL"),
            (vec![SECRET, ("BASE_URL", "tauri://localhost")], "BASE_URL"),
            (vec![SECRET, ("CORS_ORIGINS", "https://a.example,localhost:3000")], "CORS_ORIGINS"),
            (vec![SECRET, ("CORS_ORIGINS", "*")], "CORS_ORIGINS"),
            (vec![SECRET, ("COOKIE_DOMAIN", "localhost")], "COOKIE_DOMAIN"),
            (vec![SECRET, ("COOKIE_DOMAIN", "127.0.0.1")], "COOKIE_DOMAIN"),
            (vec![SECRET, ("COOKIE_DOMAIN", "https://example.com")], "COOKIE_DOMAIN"),
            (vec![SECRET, ("COOKIE_DOMAIN", "example.com; Secure")], "COOKIE_DOMAIN"),
            (
                vec![SECRET, ("BASE_URL", "https://api.example.com"), ("COOKIE_DOMAIN", "b.example.com")],
                "COOKIE_DOMAIN",
            ),
            (vec![SECRET, ("BASE_URL", "https://myexample.com"), ("COOKIE_DOMAIN", "example.com")], "COOKIE_DOMAIN"),
            (vec![SECRET, ("TASKS_TABLE", "a task")], "TASKS_TABLE"),
            (vec![SECRET, ("ORIGIN_SECRET", "short")], "ORIGIN_SECRET"),
            (vec![SECRET, ("API_ADDRESS", "closed")], "API_ADDRESS"),
            (vec![SECRET, ("API_ADDRESS", "ajar")], "API_ADDRESS"),
        ] {
            assert_eq!(read(&variables).unwrap_err().variable, variable, "{variables:?}");
        }
    }

    #[test]
    fn reads_lists_and_ignores_empty_variables() {
        let config = read(&[
            SECRET,
            ("CORS_ORIGINS", "https://a.example, https://b.example,"),
            ("BASE_URL", "https://api.example.com/"),
            ("JWT_ALGORITHM", "HS256"),
            ("JWT_SECRET_KEY_PREVIOUS", ""),
        ])
        .unwrap();
        let origins: Vec<_> = config.trusted_origins.iter().map(Origin::as_str).collect();
        assert_eq!(origins, ["https://a.example", "https://b.example"]);
        assert_eq!(config.base_url.unwrap().as_str(), "https://api.example.com");
        assert_eq!(config.jwt_algorithm, JwtAlgorithm::Hs256);
    }

    #[test]
    fn on_lambda_a_secret_has_to_be_one() {
        const ON_LAMBDA: (&str, &str) = ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        const RANDOM: &str = "b1d0c6f2a9e84f7395ab1cf0d2e64877";
        let others =
            ["x".repeat(32), "ab".repeat(20), "0123456789abcdef".repeat(2), "changeme".repeat(5), " x".repeat(40)];
        for secret in others.iter().map(String::as_str).chain([Config::DEVELOPMENT_SECRET]) {
            let current = ("JWT_SECRET_KEY", secret);
            let refused = read(&[current, ON_LAMBDA]).unwrap_err();
            assert_eq!(refused.variable, "JWT_SECRET_KEY", "{secret}");
            assert!(refused.to_string().contains("openssl rand") && !refused.to_string().contains(secret), "{refused}");
            let previous = [("JWT_SECRET_KEY", RANDOM), ("JWT_SECRET_KEY_PREVIOUS", secret), ON_LAMBDA];
            assert_eq!(read(&previous).unwrap_err().variable, "JWT_SECRET_KEY_PREVIOUS", "{secret}");
            // What imitates Lambda is a developer's machine.
            assert!(read(&[current]).is_ok(), "{secret}");
            assert!(read(&[current, ("AWS_LAMBDA_FUNCTION_NAME", "auth-login")]).is_ok(), "{secret}");
            assert!(read(&[current, ON_LAMBDA, ("AWS_SAM_LOCAL", "true")]).is_ok(), "{secret}");
        }
        for secret in [RANDOM, "correct horse battery staple and so on", "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4eA"] {
            assert!(read(&[("JWT_SECRET_KEY", secret), ON_LAMBDA]).is_ok(), "{secret}");
        }
    }

    #[test]
    fn never_shows_its_secrets() {
        let shown = format!(
            "{:?}",
            read(&[SECRET, ("JWT_SECRET_KEY_PREVIOUS", SECRET.1), ("ORIGIN_SECRET", SECRET.1)]).unwrap()
        );
        assert!(!shown.contains(SECRET.1), "{shown}");
    }
}
