use std::net::{Ipv4Addr, Ipv6Addr};

/// A web origin (RFC 6454): a scheme, a host and perhaps a port, as browsers write them: `https://app.example.com`.
///
/// Pages of applications on phones and desktops have schemes of their own: `capacitor://localhost`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Schemes whose pages have no origin of their own, or are another page's.
const OPAQUE_SCHEMES: [&str; 7] = ["about", "blob", "data", "file", "filesystem", "javascript", "vbscript"];

impl Origin {
    /// Parses an origin. Case, one trailing slash and a scheme's default port are forgiven; whatever else stands behind the
    /// host or in front of it is not, and nor are wildcards.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (scheme, authority) = text.strip_suffix('/').unwrap_or(&text).split_once("://")?;
        let (host, port) = split_port(authority)?;
        let default_port = match scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        };
        if !is_scheme(scheme) || !is_host(host) {
            return None;
        }
        match port {
            Some(port) if Some(port) != default_port => Some(Self(format!("{scheme}://{host}:{port}"))),
            _ => Some(Self(format!("{scheme}://{host}"))),
        }
    }

    /// The origin of an API that the gateway serves under a domain: always https.
    pub fn of_domain(domain: &str) -> Self {
        Self(format!("https://{}", domain.to_ascii_lowercase()))
    }

    /// `https://app.example.com`
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, without its port.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        split_port(authority).map_or(authority, |(host, _)| host)
    }

    /// Whether the scheme is https.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether the scheme is http or https, so that an API can be served there.
    pub fn is_web(&self) -> bool {
        self.is_https() || self.0.starts_with("http://")
    }
}

/// Host and port of an authority; `None` if there is a port that is none.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    // The colons of an IPv6 address stand in brackets.
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            let port = port.parse().ok().filter(|port| digits && *port != 0)?;
            Some((host, Some(port)))
        }
        _ => Some((authority, None)),
    }
}

/// RFC 3986, section 3.1.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'))
        && !OPAQUE_SCHEMES.contains(&scheme)
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|address| address.strip_suffix(']')) {
        // Browsers write what is a mapped IPv4 address otherwise than everybody else.
        let is_written_so = |parsed: Ipv6Addr| parsed.to_string() == address && parsed.to_ipv4_mapped().is_none();
        return address.parse().is_ok_and(is_written_so);
    }
    if ends_in_number(host) {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    host.split('.').all(is_label)
}

/// Whether browsers take a host for an IPv4 address, however that is written: `127.1` and `0x7f.1` are `127.0.0.1`.
///
/// Source: <https://url.spec.whatwg.org/#ends-in-a-number-checker>
fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_hexadecimal = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(is_hexadecimal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn means_what_browsers_send() {
        for (text, meant) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("https://App.Example", "https://app.example"),
            ("https://a.example:443", "https://a.example"),
            ("http://a.example:80/", "http://a.example"),
            ("http://a.example:443", "http://a.example:443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://[::1]", "http://[::1]"),
            ("http://[2001:DB8::1]", "http://[2001:db8::1]"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://1.2.example", "http://1.2.example"),
            ("capacitor://localhost", "capacitor://localhost"),
            ("tauri://localhost", "tauri://localhost"),
        ] {
            assert_eq!(Origin::parse(text).map(|origin| origin.0).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn takes_nothing_else() {
        for text in [
            "",
            "a.example",
            "localhost:3000",
            "https://",
            "https:///",
            "https://a.example//",
            "https://a.example/app",
            "https://a.example?x",
            "https://u@a.example",
            "https://a b",
            "https://a..example",
            "https://:::",
            "https://a.example:",
            "https://a.example:0",
            "https://a.example:+80",
            "https://a.example:99999",
            "https://*.example.com",
            "*",
            "null",
            "\"https://a.example\"",
            "[\"https://a.example\"]",
            "https://a.example;https://b.example",
            "https://[::1",
            "https://[x]",
            "http://[0:0:0:0:0:0:0:1]",
            "http://[::ffff:127.0.0.1]",
            "http://127.1",
            "http://0x7f.1",
            "http://127.0.0.01",
            "http://127.0.0.0x1",
            "http://2130706433",
            "http://256.0.0.1",
            "://a.example",
            "1a://a.example",
            "javascript://a.example",
            "data://a.example",
        ] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }

    #[test]
    fn knows_its_host() {
        for (text, host) in [("https://a.example:8443", "a.example"), ("http://[::1]:80", "[::1]")] {
            assert_eq!(Origin::parse(text).unwrap().host(), host);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_taken_is_stable(text in "\\PC{0,40}|[a-z+]{1,6}://[a-z0-9.:\\[\\]/_-]{0,24}") {
            if let Some(origin) = Origin::parse(&text) {
                prop_assert_eq!(Origin::parse(origin.as_str()), Some(origin));
            }
        }
    }
}
