//! Cookies (RFC 6265), in the names and attributes of Better Auth.

use lambda_http::http::{HeaderName, header};
use percent_encoding::percent_decode_str;

use super::{Request, Response};
use crate::domain::Origin;

/// How long a browser keeps the cookie of a session that is to be remembered: 7 days, in seconds.
const MAX_AGE_SECONDS: u32 = 7 * 24 * 60 * 60;

/// How long a browser keeps the cookie of a known device: 400 days, in seconds, which is the most that browsers keep any.
const DEVICE_MAX_AGE_SECONDS: u32 = 400 * 24 * 60 * 60;

/// The header that hands the session token to clients that do not keep cookies.
const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");

const SESSION_TOKEN: &str = "session_token";
const SESSION_DATA: &str = "session_data";
const DONT_REMEMBER: &str = "dont_remember";
const KNOWN_DEVICE: &str = "known_device";

/// What an answer does with the cookies of a session.
#[derive(Debug, Clone, Copy)]
pub enum SessionCookie<'a> {
    /// Hands the session's token to the client: in the cookie, and in a header for those who keep none.
    Set {
        /// The token.
        token: &'a str,
        /// For 7 days, or until the browser ends, which a second cookie then says.
        remember: bool,
    },
    /// Takes back every cookie of the session.
    Removed,
    /// Takes back the one in which the original server caches sessions.
    CacheRemoved,
}

impl Response {
    /// The same answer with a change of the session's cookies.
    #[must_use]
    pub fn with_session_cookie(self, change: SessionCookie<'_>, request: &Request) -> Self {
        let remove = |response: Self, name| response.with_cookie(request, name, "", Some(0));
        match change {
            SessionCookie::Set { token, remember } => {
                let max_age = remember.then_some(MAX_AGE_SECONDS);
                let response = self.with_header_if_valid(SET_AUTH_TOKEN, token);
                let response = response.with_cookie(request, SESSION_TOKEN, token, max_age);
                if remember { response } else { response.with_cookie(request, DONT_REMEMBER, "true", None) }
            }
            SessionCookie::Removed => [SESSION_TOKEN, SESSION_DATA, DONT_REMEMBER].into_iter().fold(self, remove),
            SessionCookie::CacheRemoved => remove(self, SESSION_DATA),
        }
    }

    /// The same answer with the token of a device on which somebody has signed in.
    #[must_use]
    pub fn with_known_device(self, token: &str, request: &Request) -> Self {
        self.with_cookie(request, KNOWN_DEVICE, token, Some(DEVICE_MAX_AGE_SECONDS))
    }

    fn with_cookie(self, request: &Request, name: &str, value: &str, max_age: Option<u32>) -> Self {
        let origin = &request.own_origin;
        let response = match request.cookie_domain {
            // A browser keeps the cookie of the host, from before there was a domain, beside the new one, and sends it first.
            Some(_) => self.with_header_if_valid(header::SET_COOKIE, &set_cookie(name, "", Some(0), origin, None)),
            None => self,
        };
        let cookie = set_cookie(name, value, max_age, origin, request.cookie_domain.as_deref());
        response.with_header_if_valid(header::SET_COOKIE, &cookie)
    }
}

/// The name of the session cookie for an API at `origin`. With https it has the `__Secure-` prefix, which browsers
/// accept from secure pages alone.
pub fn session_cookie_name(origin: &Origin) -> String {
    full_name(SESSION_TOKEN, origin)
}

/// The name of the cookie in which the original server caches sessions; this one has no need to.
pub fn session_data_cookie_name(origin: &Origin) -> String {
    full_name(SESSION_DATA, origin)
}

/// The name of the cookie with the token of a device on which somebody has signed in.
pub fn known_device_cookie_name(origin: &Origin) -> String {
    full_name(KNOWN_DEVICE, origin)
}

fn full_name(name: &str, origin: &Origin) -> String {
    let prefix = if origin.is_https() { "__Secure-" } else { "" };
    format!("{prefix}better-auth.{name}")
}

fn set_cookie(name: &str, value: &str, max_age: Option<u32>, origin: &Origin, domain: Option<&str>) -> String {
    let name = full_name(name, origin);
    let max_age = max_age.map(|seconds| format!("Max-Age={seconds}; ")).unwrap_or_default();
    let domain = domain.map(|domain| format!("Domain={domain}; ")).unwrap_or_default();
    let secure = if origin.is_https() { "Secure; " } else { "" };
    format!("{name}={value}; {max_age}{domain}Path=/; HttpOnly; {secure}SameSite=Lax")
}

/// The decoded values of the cookies named `name` in `Cookie` header values, in their order.
///
/// A cookie may stand alone or be separated by `;` with or without a space, its value may be quoted, and it is
/// percent-decoded if it contains a `%`.
pub fn find<'a>(headers: impl Iterator<Item = &'a str>, name: &str) -> impl Iterator<Item = String> {
    headers.flat_map(|header| header.split(';')).filter_map(move |pair| {
        let (key, value) = pair.split_once('=')?;
        if key.trim() != name {
            return None;
        }
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn finds_them_in_every_form_of_the_header() {
        for headers in [
            vec!["a=1; s=x; s=y"],
            vec!["a=1;s=x;s=y"],
            vec!["a=1", "s=x", "s=y"],
            vec!["s=\"x\""],
            vec!["xs=1; s=%78"],
            vec!["s; =; s=x"],
        ] {
            assert_eq!(find(headers.iter().copied(), "s").next().as_deref(), Some("x"), "{headers:?}");
        }
        assert_eq!(find(["s=x; s=y", "s=z"].into_iter(), "s").collect::<Vec<_>>(), ["x", "y", "z"]);
        assert_eq!(find(["S=x; ss=x"].into_iter(), "s").next(), None);
    }

    #[test]
    fn attributes_are_those_of_the_original() {
        let plain = Origin::parse("http://localhost").unwrap();
        let secure = Origin::parse("https://api.example.com").unwrap();
        assert_eq!(
            set_cookie(SESSION_TOKEN, "t", Some(604_800), &plain, None),
            "better-auth.session_token=t; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            set_cookie(DONT_REMEMBER, "true", None, &secure, Some("example.com")),
            "__Secure-better-auth.dont_remember=true; Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Lax"
        );
    }

    proptest! {
        #[test]
        fn no_header_panics(header in "\\PC{0,80}") {
            find([header.as_str()].into_iter(), "s").for_each(drop);
        }
    }
}
