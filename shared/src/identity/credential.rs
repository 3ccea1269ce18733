use lambda_http::http::{Method, header};
use percent_encoding::percent_decode_str;

use super::{
    Principal,
    access_token::{self, Use},
    keys::KeyRing,
    session_token::{self, Refused},
};
use crate::{
    Error,
    domain::{Origin, Timestamp},
    http::{Request, cookies, origin},
};

/// The most bytes of a bearer token that are looked at. Ours are shorter, however long name, address and picture are.
pub(super) const MAX_TOKEN_BYTES: usize = 7680;

/// What came with a request to say who is calling, its signature and times checked: the one place where a request becomes a
/// credential. What it is worth is for the two dialects to say.
#[derive(Debug)]
pub struct Credential {
    bearer: Bearer,
    /// Of several cookies of the session's name, the first that verifies: another application of the same domain may have set
    /// one too.
    cookie: Option<Principal>,
    /// Whether one of them has the form of a token of ours, of a key that is not known here.
    has_unknown_key: bool,
}

/// An `Authorization` header.
#[derive(Debug)]
enum Bearer {
    Absent,
    /// A session token.
    Session(Principal),
    /// An access token of the plain dialect.
    Access(Principal),
    /// A token for other services, which opens data and never the session.
    Service(Principal),
    /// A token with dots that is none of ours.
    ForeignJwt(&'static str),
    /// Anything else.
    Unknown(&'static str),
}

impl Credential {
    /// Reads the credential of a request.
    pub fn of(keys: &KeyRing, request: &Request, now: Timestamp) -> Self {
        let mut has_unknown_key = false;
        let mut refused = |refused: Refused| {
            has_unknown_key |= refused == Refused::UNKNOWN_KEY;
            refused.0
        };
        let bearer = match bearer_token(request) {
            None => Bearer::Absent,
            Some(token) if token.len() > MAX_TOKEN_BYTES => Bearer::Unknown("the token is too long"),
            // A JWT has dots, a session token (base64url) never does.
            Some(token) if token.contains('.') => match access_token::verify(keys, token, &request.own_origin, now) {
                Ok((principal, Use::Access)) => Bearer::Access(principal),
                Ok((principal, Use::Service)) => Bearer::Service(principal),
                Err(error) => Bearer::ForeignJwt(refused(error)),
            },
            Some(token) => match session_token::verify(keys, &percent_decode_str(token).decode_utf8_lossy()) {
                Ok(principal) => Bearer::Session(principal),
                Err(error) => Bearer::Unknown(refused(error)),
            },
        };
        let name = cookies::session_cookie_name(&request.own_origin);
        let cookie =
            request.cookies(&name).find_map(|token| session_token::verify(keys, &token).map_err(&mut refused).ok());
        Self { bearer, cookie, has_unknown_key }
    }

    /// Whose it is in the plain dialect: any bearer token of ours, else the cookie.
    ///
    /// A browser attaches a cookie by itself. So where only the cookie says who is calling, and something may change, the page
    /// has to be a trusted one (CSRF). A bearer token that does not verify changes nothing about that.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`], [`Error::OriginMissing`] or [`Error::OriginUntrusted`].
    pub fn plain(&self, request: &Request, trusted: &[Origin]) -> Result<Principal, Error> {
        if let Bearer::Session(principal) | Bearer::Access(principal) | Bearer::Service(principal) = self.bearer {
            return Ok(principal);
        }
        if self.cookie.is_some() && !matches!(request.method, Method::GET | Method::HEAD) {
            origin::check_page(request, trusted)?;
        }
        match (&self.bearer, self.cookie) {
            (Bearer::ForeignJwt(reason) | Bearer::Unknown(reason), _) => Err(Error::NotAuthenticated(reason)),
            (_, Some(principal)) => Ok(principal),
            (_, None) => Err(Error::NotAuthenticated("no credential")),
        }
    }

    /// Whose it is in the Better Auth dialect: a session token, an access token of the plain dialect, else the cookie. Other
    /// tokens with dots are somebody else's business, and those for other services count as such: nothing gives more in
    /// exchange for less.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`], or [`Error::SessionEnded`] for a bearer token without dots that is none of ours.
    pub fn better_auth(&self) -> Result<Principal, Error> {
        match (&self.bearer, self.cookie) {
            (Bearer::Session(principal) | Bearer::Access(principal), _) => Ok(*principal),
            (Bearer::Unknown(reason), _) => Err(Error::SessionEnded(reason)),
            (_, Some(principal)) => Ok(principal),
            (_, None) => Err(Error::NotAuthenticated("no credential")),
        }
    }

    /// Whose it is in any dialect, for what is counted by session: a forged one is nobody's.
    pub fn of_anybody(&self) -> Option<Principal> {
        match self.bearer {
            Bearer::Session(principal) | Bearer::Access(principal) | Bearer::Service(principal) => Some(principal),
            _ => self.cookie,
        }
    }

    /// Whether a token came that may be of ours, of a key that other functions have got already: what is asked with it must
    /// not be called done.
    pub fn has_unknown_key(&self) -> bool {
        self.has_unknown_key
    }

    /// Whether the principal of [`Credential::better_auth`] came in a JSON Web Token, so that no cookie is to be taken back.
    pub fn is_jwt(&self) -> bool {
        matches!(self.bearer, Bearer::Access(_))
    }
}

/// The bearer token of a request, whatever it is.
pub(super) fn bearer_token(request: &Request) -> Option<&str> {
    request.header(header::AUTHORIZATION).and_then(bearer).filter(|token| !token.is_empty())
}

/// The token in the value of an `Authorization` header; the scheme has no case (RFC 9110, section 11.1).
fn bearer(value: &str) -> Option<&str> {
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
