//! HTTP: requests in, answers out, and how an error reads in either dialect.

pub mod better_auth;
pub mod cookies;
mod json_reader;
pub mod origin;
pub mod plain;
mod query;
mod request;
mod response;
mod tag;
mod viewer;
mod violations;

pub use query::Query;
pub use request::{MAX_BODY_BYTES, Request};
pub use response::{Response, json};
pub use violations::Violations;

use lambda_http::http::{HeaderName, Method, header};

use crate::{Error, config::Config};

const X_RETRY_AFTER: HeaderName = HeaderName::from_static("x-retry-after");

/// Which of the two protocols a route speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The contract's own: FastAPI's shapes, RFC 9457 problem details.
    Plain,
    /// That of the official Better Auth client.
    BetterAuth {
        /// Whether bodies may be forms.
        accepts_forms: bool,
    },
    /// Both, at one path: a body with a `code` speaks the plain one, any other the Better Auth one.
    Both,
    /// None: no route has the path, so that there is nothing to protect.
    Unrouted,
}

impl Dialect {
    /// Checks what does not depend on the route, before the route sees the request: whether the API answers at the address that
    /// was asked, how the body is coded, and then, in the Better Auth dialect and that server's order, the body, where a request
    /// with a cookie comes from, and where it wants to be sent next. In the plain dialect the page is checked where the cookie
    /// turns out to be the credential.
    ///
    /// # Errors
    /// [`Error::AddressClosed`], [`Error::ContentEncoded`], and those of the body, of [`origin::check`] and of redirect targets.
    pub fn admit(self, request: &mut Request, config: &Config) -> Result<(), Error> {
        if config.is_closed && !request.is_through_distribution {
            return Err(Error::AddressClosed);
        }
        match self {
            Self::Unrouted => Ok(()),
            Self::Plain => request.check_content_encoding(),
            Self::BetterAuth { .. } if request.method == Method::GET => Ok(()),
            Self::BetterAuth { .. } | Self::Both => {
                request.check_content_encoding()?;
                let accepts_forms = self == Self::BetterAuth { accepts_forms: true };
                let payload = better_auth::read_body(request, accepts_forms)?;
                origin::check(request, &config.trusted_origins)?;
                better_auth::check_redirects(request, payload.as_ref(), config)?;
                request.set_payload(payload);
                Ok(())
            }
        }
    }

    /// The dialect that a request speaks which [`Dialect::admit`] has seen: the one of the two, where a route has both.
    #[must_use]
    pub fn spoken_in(self, request: &Request) -> Self {
        match self {
            Self::Both if better_auth::Payload::record(request).any("code").is_some() => Self::Plain,
            Self::Both => Self::BetterAuth { accepts_forms: false },
            one => one,
        }
    }

    /// The answer to a request that was refused or went wrong.
    pub fn render(self, error: &Error, request: &Request) -> Response {
        let response = match self {
            Self::Plain | Self::Unrouted => plain::render(error, &request.id),
            Self::BetterAuth { .. } | Self::Both => better_auth::render(error, request),
        };
        match error {
            // The one header is HTTP's (RFC 9110, section 10.2.3), the other that of Better Auth.
            Error::RateLimited(seconds) => [header::RETRY_AFTER, X_RETRY_AFTER]
                .into_iter()
                .fold(response, |response, name| response.with_header_if_valid(name, &seconds.to_string())),
            _ => response,
        }
    }

    /// The code of that answer, as the client sees it; empty where it sees none.
    pub fn code(self, error: &Error) -> &'static str {
        let refusal = error.row();
        match self {
            Self::Plain | Self::Unrouted => refusal.code,
            Self::BetterAuth { .. } | Self::Both => refusal.better_auth_code.unwrap_or_default(),
        }
    }
}
