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
pub(crate) mod tests {
    use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::{
        config::Config,
        domain::SessionId,
        identity::access_token::tests::{self, NOW, PRINCIPAL, SECRET, key_ring},
    };

    const OTHER: &str = "other-secret-0123456789-0123456789";
    /// The same person, in a browser.
    const IN_A_BROWSER: Principal = Principal { session_id: SessionId(Uuid::from_u128(7)), ..PRINCIPAL };
    const PAGE: (&str, &str) = ("origin", "https://app.example.com");

    /// A request to the API at `https://api.example.com`.
    pub(crate) fn request(method: &str, headers: &[(&str, &str)], cookies: &[String]) -> Request {
        let config = Config::from_variables(|name| match name {
            "JWT_SECRET_KEY" => Some(SECRET.to_owned()),
            "BASE_URL" => Some("https://api.example.com".to_owned()),
            _ => None,
        });
        let headers: serde_json::Map<String, Value> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let event = json!({"headers": headers, "cookies": cookies, "requestContext": {"http": {"method": method}}});
        let event = serde_json::from_value::<ApiGatewayV2httpRequest>(event);
        Request::from_event(event.unwrap(), &config.unwrap())
    }

    fn session_cookie(value: &str) -> String {
        format!("__Secure-better-auth.session_token={value}")
    }

    fn credential(request: &Request) -> Credential {
        Credential::of(&key_ring(SECRET, None), request, NOW)
    }

    fn trusted() -> [Origin; 1] {
        [Origin::parse(PAGE.1).unwrap()]
    }

    /// What is made of a request: by the plain dialect, by the other one, and for what is counted.
    fn made_of(request: &Request) -> [&'static str; 3] {
        let credential = credential(request);
        let name = |principal: Principal| if principal == PRINCIPAL { "bearer" } else { "cookie" };
        let or_code = |result: Result<Principal, Error>| match result {
            Ok(principal) => name(principal),
            Err(Error::NotAuthenticated(_)) => "nobody",
            Err(Error::SessionEnded(_)) => "ended",
            Err(Error::OriginMissing) => "from nowhere",
            Err(Error::OriginUntrusted) => "from elsewhere",
            Err(error) => panic!("{error}"),
        };
        [
            or_code(credential.plain(request, &trusted())),
            or_code(credential.better_auth()),
            credential.of_anybody().map_or("nobody", name),
        ]
    }

    #[test]
    fn the_bearer_scheme_has_any_case() {
        for value in ["Bearer x", "bearer x", "BEARER   x ", " Bearer x"] {
            assert_eq!(bearer(value), Some("x"), "{value:?}");
        }
        for value in ["", "Bearer", "Basic x", "Bearerx", "x"] {
            assert_eq!(bearer(value), None, "{value:?}");
        }
    }

    #[test]
    fn each_dialect_takes_the_tokens_that_it_knows_and_else_the_cookie() {
        let keys = key_ring(SECRET, None);
        let session = session_token::issue(&keys, &PRINCIPAL);
        let encoded = session.replace('A', "%41");
        let (access, service) = (tests::token(&keys), tests::service_token(&keys));
        let (longest_jwt, too_long) = (".".repeat(MAX_TOKEN_BYTES), ".".repeat(MAX_TOKEN_BYTES + 1));
        let cookie = session_token::issue(&keys, &IN_A_BROWSER);
        for (token, alone, with_cookie) in [
            ("", ["nobody"; 3], ["cookie"; 3]),
            (session.as_str(), ["bearer"; 3], ["bearer"; 3]),
            (encoded.as_str(), ["bearer"; 3], ["bearer"; 3]),
            (access.as_str(), ["bearer"; 3], ["bearer"; 3]),
            (service.as_str(), ["bearer", "nobody", "bearer"], ["bearer", "cookie", "bearer"]),
            ("a.b.c", ["nobody"; 3], ["nobody", "cookie", "cookie"]),
            (longest_jwt.as_str(), ["nobody"; 3], ["nobody", "cookie", "cookie"]),
            ("forged", ["nobody", "ended", "nobody"], ["nobody", "ended", "cookie"]),
            (too_long.as_str(), ["nobody", "ended", "nobody"], ["nobody", "ended", "cookie"]),
        ] {
            let authorization = format!("Bearer {token}");
            let headers = [("authorization", authorization.as_str())];
            assert_eq!(made_of(&request("GET", &headers, &[])), alone, "{token}");
            // Somebody else's cookie of the same name is in front of ours.
            let cookies = [session_cookie("another"), session_cookie(&cookie)];
            assert_eq!(made_of(&request("GET", &headers, &cookies)), with_cookie, "{token}");
            let is_jwt = credential(&request("GET", &headers, &cookies)).is_jwt();
            assert_eq!(is_jwt, token == access, "{token}");
        }
        assert_eq!(made_of(&request("GET", &[], &[])), ["nobody"; 3]);
    }

    #[test]
    fn in_the_plain_dialect_a_cookie_changes_something_from_trusted_pages_alone() {
        let keys = key_ring(SECRET, None);
        let session = format!("Bearer {}", session_token::issue(&keys, &PRINCIPAL));
        let cookies = [session_cookie(&session_token::issue(&keys, &IN_A_BROWSER))];
        let elsewhere = ("origin", "https://evil.example");
        for (method, headers, expected) in [
            ("HEAD", vec![], "cookie"),
            ("GET", vec![elsewhere], "cookie"),
            ("POST", vec![], "from nowhere"),
            ("POST", vec![elsewhere], "from elsewhere"),
            ("POST", vec![PAGE], "cookie"),
            ("DELETE", vec![("authorization", "Bearer forged")], "from nowhere"),
            ("DELETE", vec![("authorization", "Bearer forged"), PAGE], "nobody"),
            ("DELETE", vec![("authorization", session.as_str()), elsewhere], "bearer"),
        ] {
            assert_eq!(made_of(&request(method, &headers, &cookies))[0], expected, "{method} {headers:?}");
        }
        // Without a cookie of ours, the page does not matter.
        assert_eq!(made_of(&request("POST", &[elsewhere], &[session_cookie("forged")]))[0], "nobody");
    }

    #[test]
    fn a_token_of_a_key_that_others_may_have_is_told_from_a_forged_one() {
        let newer = key_ring(OTHER, None);
        let session = session_token::issue(&newer, &PRINCIPAL);
        let access = tests::token(&newer);
        let has_unknown_key = |token: &str, cookies: &[String]| {
            let headers = [("authorization", format!("Bearer {token}"))];
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            credential(&request("GET", &headers, cookies)).has_unknown_key()
        };
        assert!(has_unknown_key(&session, &[]) && has_unknown_key(&access, &[]));
        assert!(has_unknown_key("", &[session_cookie(&session)]));
        // Whatever else there is, one of them may be of use elsewhere.
        let known = session_token::issue(&key_ring(SECRET, None), &PRINCIPAL);
        assert!(has_unknown_key(&known, &[session_cookie(&session), session_cookie(&known)]));
        assert!(!has_unknown_key(&known, &[]) && !has_unknown_key("", &[]) && !has_unknown_key("forged", &[]));
        assert!(!has_unknown_key("a.b.c", &[session_cookie("forged")]));
    }
}
