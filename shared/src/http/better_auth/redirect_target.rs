//! Where a client may ask to be sent: paths of the same site, and trusted origins. Everything else is an open redirect.

use crate::{
    config::Config,
    domain::Origin,
    http::{
        Request,
        origin::{is_trusted as is_trusted_origin, origin_of_url},
    },
};

/// Whether a request may name `target` as where to go next.
pub fn is_trusted_redirect(target: &str, request: &Request, config: &Config) -> bool {
    is_trusted(target, request.trusted_origins(&config.trusted_origins))
}

/// Whether a redirect may lead to `target`.
fn is_trusted<'a>(target: &str, trusted: impl Iterator<Item = &'a Origin>) -> bool {
    // Browsers drop or reinterpret these before they look at the rest.
    if target.contains(|c: char| c == '\\' || c.is_control()) {
        return false;
    }
    if target.starts_with('/') {
        return is_local_path(target);
    }
    // As strict as for an origin: a user name, or anything that a browser would decode, makes one host look like another.
    let is_origin = |origin: &&str| Origin::parse(origin).is_some();
    origin_of_url(target).filter(is_origin).is_some_and(|origin| is_trusted_origin(origin, trusted))
}

fn is_local_path(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    !target.starts_with("//") && !path.contains("%2f") && !path.contains("%5c")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trusted(target: &str) -> bool {
        let trusted = [
            "https://api.example.org",
            "http://localhost:3000",
            "https://a.example.com",
            "https://a.example.net",
            "capacitor://localhost",
        ];
        is_trusted(target, trusted.map(|origin| Origin::parse(origin).unwrap()).iter())
    }

    #[test]
    fn paths_and_trusted_origins_are_fine() {
        for target in [
            "/",
            "/..",
            "/a//b",
            "/a b",
            "/ä",
            "/a?next=//evil",
            "/a#//b",
            "/a?x=%2f",
            "http://localhost:3000",
            "http://localhost:3000/x?y#z",
            "https://api.example.org/x",
            "https://a.example.com/x",
            "HTTPS://API.EXAMPLE.ORG/",
            "https://a.example.net",
            "capacitor://localhost/x",
        ] {
            assert!(trusted(target), "{target:?}");
        }
    }

    #[test]
    fn open_redirects_are_refused() {
        for target in [
            "relative",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "javascript:alert(1)",
            "http://localhost:3000@evil.com",
            "https://evil.com",
            "http://localhost:3001",
            "https://example.com",
            "https://a.example.com.evil.com",
            "/%2fevil",
            "/a%5Cevil",
            "/a\nb",
            "/a\tb",
            "/a\0",
            "/\u{7f}",
            "/\u{85}",
            "https://evil.com\\.example.com",
            "https://evil.com#.example.com",
            "https://evil.com?.example.com",
            "javascript://a.example.net/%0aalert(1)",
            "data://a.example.net",
            "https://",
            "",
            "https://a.example.com@evil.com",
            "https://evil.com@a.example.com",
            " /",
            "https://evil.com%2f.example.com",
            "http:/localhost:3000",
        ] {
            assert!(!trusted(target), "{target:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(target in "\\PC{0,60}|[a-z:/\\\\@.%0-9]{0,40}") {
            trusted(&target);
        }
    }
}
