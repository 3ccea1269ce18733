//! HTTP: requests in, answers out, and how an error reads in either dialect.

mod better_auth_error;
pub mod cookies;
mod fields;
pub mod origin;
mod payload;
mod problem;
mod query;
mod redirect_target;
mod request;
mod response;
mod schema;
mod user_json;

pub use fields::Fields;
pub use payload::is_truthy;
pub use query::Query;
pub use request::{MAX_BODY_BYTES, Request};
pub use response::{Response, json};
pub use schema::Schema;
pub use user_json::UserJson;

use crate::{Error, config::Config};

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
    /// None: no route has the path, so that there is nothing to protect.
    Unrouted,
}

impl Dialect {
    /// Checks what does not depend on the route, before the route sees the request: where a request with a cookie comes
    /// from and, in the Better Auth dialect, the body and where it wants to be sent next, in that server's order.
    ///
    /// # Errors
    /// Those of [`origin::check`] and, in the Better Auth dialect, of body and redirect targets.
    pub fn admit(self, request: &mut Request, config: &Config) -> Result<(), Error> {
        match self {
            Self::Unrouted => Ok(()),
            Self::Plain => origin::check(request, &config.trusted_origins),
            Self::BetterAuth { .. } if request.method == lambda_http::http::Method::GET => Ok(()),
            Self::BetterAuth { accepts_forms } => {
                let payload = payload::read(request, accepts_forms)?;
                origin::check(request, &config.trusted_origins)?;
                payload::check_redirects(request, payload.as_ref(), config)?;
                request.set_payload(payload);
                Ok(())
            }
        }
    }

    /// The answer to a request that failed.
    pub fn render(self, error: &Error, request: &Request) -> Response {
        match self {
            Self::Plain | Self::Unrouted => problem::render(error, &request.id),
            Self::BetterAuth { .. } => better_auth_error::render(error, request),
        }
    }
}
