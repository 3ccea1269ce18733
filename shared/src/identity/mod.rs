//! Who is calling: credentials in, a [`Principal`] out.
//!
//! A credential is checked in two steps. [`authenticate`] checks its signature and its times without any I/O;
//! [`Store::caller`](crate::store::Store::caller) then asks whether its session is still alive and its account active.

pub mod access_token;
mod browser_session;
pub mod keys;
pub mod password_hash;
pub mod session_token;
mod sign_in;
mod sign_up;

pub use browser_session::{BrowserSession, hand_over};
pub use sign_in::sign_in;
pub use sign_up::{Registration, sign_up};

use lambda_http::http::header;

use crate::{
    App, Error,
    domain::{Session, SessionId, Timestamp, User, UserId},
    http::{Request, cookies},
    telemetry,
};

/// Whose session a valid credential belongs to. The session may have ended since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
}

impl Session {
    /// Whose session it is.
    pub fn principal(&self) -> Principal {
        Principal { user_id: self.user_id, session_id: self.id }
    }
}

/// A principal whose session is alive and whose account is active: what the store knows of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
}

/// What a session begins with besides its user.
#[derive(Debug, Clone, Copy)]
pub struct SessionTerms<'a> {
    /// How long it lives, in seconds.
    pub seconds: i64,
    /// Whether it slides.
    pub remember: bool,
    /// Where it begins.
    pub ip_address: &'a str,
    /// What it begins with.
    pub user_agent: &'a str,
}

impl SessionTerms<'_> {
    /// The most characters of a user agent that are kept.
    const USER_AGENT_CHARS: usize = 512;

    /// A session of `user` that begins `now`.
    pub fn begin(&self, id: SessionId, user: &User, now: Timestamp) -> Session {
        Session {
            user_id: user.id,
            id,
            created_at: now,
            updated_at: now,
            expires_at: now.plus_seconds(self.seconds),
            remember: self.remember,
            epoch: user.session_epoch,
            ip_address: self.ip_address.to_owned(),
            user_agent: self.user_agent.chars().take(Self::USER_AGENT_CHARS).collect(),
        }
    }
}

/// The longest token that is looked at, in bytes.
const MAX_TOKEN_BYTES: usize = 4096;

/// Whose credential came with the request: a bearer token (an access token or a session token), else the session cookie.
/// No I/O.
///
/// # Errors
/// [`Error::NotAuthenticated`] if there is none or it is malformed, forged or expired.
pub fn authenticate(app: &App, request: &Request) -> Result<Principal, Error> {
    let now = app.clock.now();
    let principal = match request.header(header::AUTHORIZATION).and_then(bearer) {
        // Ours are far shorter.
        Some(token) if token.len() > MAX_TOKEN_BYTES => Err(Error::NotAuthenticated("the token is too long")),
        // A JWT has dots, a session token (base64url) never does.
        Some(token) if token.contains('.') => access_token::verify(&app.keys, token, &request.own_origin, now),
        Some(token) => session_token::verify(&app.keys, token),
        None => {
            let cookie = request.cookie(&cookies::session_cookie_name(&request.own_origin));
            let token = cookie.ok_or(Error::NotAuthenticated("no credential"))?;
            session_token::verify(&app.keys, &token)
        }
    }?;
    telemetry::record_principal(&principal);
    Ok(principal)
}

/// The token of an `Authorization: Bearer …` header; the scheme is case-insensitive (RFC 9110, section 11.1).
pub(crate) fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn the_bearer_scheme_has_any_case() {
        for value in ["Bearer x", "bearer x", "BEARER   x ", " Bearer x"] {
            assert_eq!(bearer(value), Some("x"), "{value:?}");
        }
        for value in ["", "Bearer", "Basic x", "Bearerx", "x"] {
            assert_eq!(bearer(value), None, "{value:?}");
        }
    }
}
