//! Which web origins (RFC 6454) a request may come from.

use lambda_http::http::{HeaderName, Method, header};

use super::Request;
use crate::{Error, domain::Origin};

pub(super) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
pub(super) const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
pub(super) const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Refuses a request that may change something, carries a cookie, and does not come from a trusted page: a browser
/// sends cookies with whatever another site makes it send (CSRF).
///
/// # Errors
/// [`Error::OriginMissing`] or [`Error::OriginUntrusted`].
pub fn check(request: &Request, trusted: &[Origin]) -> Result<(), Error> {
    if request.method == Method::GET || !request.has_cookies() { Ok(()) } else { check_page(request, trusted) }
}

/// Refuses a request that does not come from a trusted page.
///
/// # Errors
/// [`Error::OriginMissing`] or [`Error::OriginUntrusted`].
pub fn check_page(request: &Request, trusted: &[Origin]) -> Result<(), Error> {
    let origin = match request.header(header::ORIGIN) {
        // A page of ours in a sandbox has no origin to name, but the browser vouches for it.
        Some("null") if request.header(SEC_FETCH_SITE) == Some("same-origin") => return Ok(()),
        Some("null") => None,
        Some(origin) => Some(origin),
        None => request.header(header::REFERER).map(|url| origin_of_url(url).unwrap_or(url)),
    };
    match origin {
        None => Err(Error::OriginMissing),
        Some(origin) if is_trusted(origin, request.trusted_origins(trusted)) => Ok(()),
        Some(_) => Err(Error::OriginUntrusted),
    }
}

/// Whether an origin is one of those that are trusted. Scheme and host have no case.
pub(super) fn is_trusted<'a>(origin: &str, mut trusted: impl Iterator<Item = &'a Origin>) -> bool {
    trusted.any(|trusted| origin.eq_ignore_ascii_case(trusted.as_str()))
}

/// The scheme and authority of an absolute URL.
pub fn origin_of_url(url: &str) -> Option<&str> {
    let authority_start = url.find("://")? + 3;
    let length = url.get(authority_start..)?.find(['/', '?', '#', '\\']);
    url.get(..length.map_or(url.len(), |length| authority_start + length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_origin_is_trusted_as_a_whole() {
        let trusted =
            ["https://api.example.com", "https://a.example", "http://localhost:3000", "capacitor://localhost"];
        let trusted = trusted.map(|origin| Origin::parse(origin).unwrap());
        for (origin, expected) in [
            ("https://api.example.com", true),
            ("https://a.example", true),
            ("HTTPS://A.EXAMPLE", true),
            ("capacitor://localhost", true),
            ("https://a.example/", false),
            ("https://a.example.evil.com", false),
            ("https://evil.a.example", false),
            ("http://a.example", false),
            ("http://localhost:30000", false),
            ("http://localhost", false),
            ("", false),
        ] {
            assert_eq!(is_trusted(origin, trusted.iter()), expected, "{origin}");
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
        fn no_text_panics(url in "\\PC{0,24}") {
            origin_of_url(&url);
        }
    }
}
