//! Web origins (RFC 6454) and which of them are trusted.

use lambda_http::http::{HeaderName, Method, header};

use super::Request;
use crate::Error;

/// A scheme, a host and perhaps a port, as browsers write them: `https://app.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Parses an origin: `http` or `https`, a host, perhaps a port, and nothing behind it.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let valid = matches!(scheme, "http" | "https")
            && !authority.is_empty()
            && authority
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_'));
        valid.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The origin of an API that the gateway serves under a domain: always https.
    pub fn of_domain(domain: &str) -> Self {
        Self(format!("https://{}", domain.to_ascii_lowercase()))
    }

    /// `https://app.example.com`
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the scheme is https.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Refuses a request that may change something, carries a cookie, and does not come from a trusted page: a browser
/// sends cookies with whatever another site makes it send (CSRF).
///
/// # Errors
/// [`Error::OriginMissing`] or [`Error::OriginUntrusted`].
pub fn check(request: &Request, trusted: &[String]) -> Result<(), Error> {
    if request.method == Method::GET || !request.has_cookies() { Ok(()) } else { check_page(request, trusted) }
}

/// Refuses a sign-in or sign-up that another site's page sends, so that nobody is signed in to an account of an
/// attacker's choice. With a cookie, [`check`] has looked already. Programs that are no browsers send neither
/// `Sec-Fetch-…` nor `Origin` and pass.
///
/// # Errors
/// [`Error::CrossSiteSignIn`], [`Error::OriginMissing`] or [`Error::OriginUntrusted`].
pub fn check_sign_in(request: &Request, trusted: &[String]) -> Result<(), Error> {
    if request.has_cookies() {
        return Ok(());
    }
    let [site, mode, dest] = [SEC_FETCH_SITE, SEC_FETCH_MODE, SEC_FETCH_DEST].map(|name| request.header(name));
    if site == Some("cross-site") && mode == Some("navigate") {
        return Err(Error::CrossSiteSignIn);
    }
    let is_browser = site.or(mode).or(dest).is_some();
    let names_page = request.header(header::ORIGIN).or(request.header(header::REFERER)).is_some();
    if is_browser || names_page { check_page(request, trusted) } else { Ok(()) }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

fn check_page(request: &Request, trusted: &[String]) -> Result<(), Error> {
    let origin = match request.header(header::ORIGIN) {
        // A page of ours in a sandbox has no origin to name, but the browser vouches for it.
        Some("null") if request.header(SEC_FETCH_SITE) == Some("same-origin") => return Ok(()),
        Some("null") => None,
        Some(origin) => Some(origin),
        None => request.header(header::REFERER).map(|url| origin_of_url(url).unwrap_or(url)),
    };
    match origin {
        None => Err(Error::OriginMissing),
        Some(origin) if is_trusted(origin, &request.own_origin, trusted) => Ok(()),
        Some(_) => Err(Error::OriginUntrusted),
    }
}

/// Whether an origin is our own or one of those configured. Scheme and host have no case.
pub(super) fn is_trusted(origin: &str, own_origin: &Origin, trusted: &[String]) -> bool {
    let origin = origin.to_ascii_lowercase();
    origin == own_origin.as_str() || trusted.iter().any(|pattern| matches(&pattern.to_ascii_lowercase(), &origin))
}

/// The scheme and authority of an absolute URL.
pub(super) fn origin_of_url(url: &str) -> Option<&str> {
    let authority_start = url.find("://")? + 3;
    let length = url.get(authority_start..)?.find(['/', '?', '#', '\\']);
    url.get(..length.map_or(url.len(), |length| authority_start + length))
}

/// Whether `origin` is the one in `pattern`, in which `*` stands for any run of characters but `/` and `\`, and `?` for
/// one such character. A pattern with a wildcard and no scheme is compared with host and port.
fn matches(pattern: &str, origin: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern == origin;
    }
    let subject =
        if pattern.contains("://") { origin } else { origin.split_once("://").map_or(origin, |(_, host)| host) };
    matches_wildcards(pattern.as_bytes(), subject.as_bytes())
}

/// Greedy matching with one point to come back to: linear in practice, quadratic at worst, and both texts are short.
fn matches_wildcards(pattern: &[u8], subject: &[u8]) -> bool {
    let (mut p, mut s) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&byte) = subject.get(s) {
        let wild = !matches!(byte, b'/' | b'\\');
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, s));
                p += 1;
                continue;
            }
            Some(b'?') if wild => (p, s) = (p + 1, s + 1),
            Some(&expected) if expected == byte => (p, s) = (p + 1, s + 1),
            _ => match retry {
                Some((after_star, from)) if subject.get(from).is_some_and(|b| !matches!(b, b'/' | b'\\')) => {
                    retry = Some((after_star, from + 1));
                    (p, s) = (after_star, from + 1);
                }
                _ => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_origins_alone() {
        for text in ["http://localhost:3000", "https://a.example", "http://[::1]:80"] {
            assert!(Origin::parse(text).is_some(), "{text}");
        }
        for text in
            ["", "a.example", "https://", "https://a.example/", "ftp://a.example", "https://a b", "https://u@a.example"]
        {
            assert!(Origin::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn patterns_match_as_documented() {
        for (pattern, origin, expected) in [
            ("https://a.example", "https://a.example", true),
            ("https://a.example/", "https://a.example", false),
            ("https://a.example", "https://a.example.evil.com", false),
            ("https://a.example", "http://a.example", false),
            ("https://*.example.com", "https://a.b.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "http://a.example.com", false),
            ("https://*.example.com", "https://evil.com/.example.com", false),
            ("*.example.com", "https://a.example.com", true),
            ("*.example.com:*", "https://a.example.com:8443", true),
            ("http://localhost:300?", "http://localhost:3001", true),
            ("http://localhost:300?", "http://localhost:30011", false),
            ("https://*a*b", "https://xxaxxbxb", true),
            ("https://*a*b", "https://xxaxxbxc", false),
        ] {
            assert_eq!(matches(pattern, origin), expected, "{pattern} {origin}");
        }
    }

    #[test]
    fn takes_the_origin_of_a_referer() {
        assert_eq!(origin_of_url("https://a.example/x?y"), Some("https://a.example"));
        assert_eq!(origin_of_url("https://a.example?x"), Some("https://a.example"));
        assert_eq!(origin_of_url("https://a.example\\.evil"), Some("https://a.example"));
        assert_eq!(origin_of_url("https://a.example"), Some("https://a.example"));
        assert_eq!(origin_of_url("about:blank"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(pattern in "[a-z*?/:.]{0,24}", origin in "\\PC{0,24}") {
            matches(&pattern, &origin);
            origin_of_url(&origin);
        }
    }
}
