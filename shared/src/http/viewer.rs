//! What the distribution in front of the API says of the person behind a request.
//!
//! The template's CloudFront function writes the headers, `infra/cloudfront/api-request.js`. They count beside the secret that
//! CloudFront adds last, in place of whatever a client sent under that name: who knows it is the distribution.

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use lambda_http::http::{HeaderMap, HeaderName};
use secrecy::ExposeSecret;

use crate::{config::Config, domain::Origin};

const SECRET: HeaderName = HeaderName::from_static("x-origin-secret");
const ADDRESS: HeaderName = HeaderName::from_static("x-viewer-address");
const HOST: HeaderName = HeaderName::from_static("x-viewer-host");

/// The person behind a request that came through the distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Viewer {
    /// Their address.
    pub(super) address: Option<IpAddr>,
    /// The origin that they know the API by, which is also that of the web application's pages.
    pub(super) origin: Option<Origin>,
}

impl Viewer {
    /// Takes the distribution's headers off a request, so that nothing else reads them, and believes them if the secret is right.
    pub(super) fn take(headers: &mut HeaderMap, config: &Config) -> Option<Self> {
        let [secret, address, host] = [SECRET, ADDRESS, HOST].map(|name| headers.remove(name));
        let shown = secret?;
        let is_known = config
            .origin_secrets
            .iter()
            .any(|known| verify_slices_are_equal(known.expose_secret().as_bytes(), shown.as_bytes()).is_ok());
        is_known.then(|| Self {
            address: address.and_then(|address| address.to_str().ok()?.parse().ok()),
            origin: host.and_then(|host| Origin::parse(&format!("https://{}", host.to_str().ok()?))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = "0123456789abcdef0123456789abcdef";
    const PREVIOUS: &str = "fedcba9876543210fedcba9876543210";

    fn config(variables: &[(&str, &str)]) -> Config {
        let variable = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let secret = |name: &str| (name == "JWT_SECRET_KEY").then_some(CURRENT);
        Config::from_variables(|name| variable(name).or(secret(name)).map(str::to_owned)).unwrap()
    }

    fn told(secret: &'static str, config: &Config) -> Option<Viewer> {
        let sent = [("x-origin-secret", secret), ("x-viewer-address", "203.0.113.7"), ("x-viewer-host", "App.Example")];
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let viewer = Viewer::take(&mut headers, config);
        assert!(headers.is_empty(), "nothing else reads them: {headers:?}");
        viewer
    }

    #[test]
    fn is_believed_beside_the_secret_and_the_one_before() {
        let viewer = Viewer { address: "203.0.113.7".parse().ok(), origin: Origin::parse("https://app.example") };
        let config = config(&[("ORIGIN_SECRET", CURRENT), ("ORIGIN_SECRET_PREVIOUS", PREVIOUS)]);
        assert_eq!(told(CURRENT, &config), Some(viewer.clone()));
        assert_eq!(told(PREVIOUS, &config), Some(viewer));
        for wrong in ["", "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcde"] {
            assert_eq!(told(wrong, &config), None, "{wrong}");
        }
    }

    #[test]
    fn is_never_believed_where_there_is_no_secret() {
        for secret in ["", CURRENT] {
            assert_eq!(told(secret, &config(&[])), None);
        }
    }

    #[test]
    fn says_only_what_is_an_address_and_a_host() {
        let config = config(&[("ORIGIN_SECRET", CURRENT)]);
        for (address, host) in
            [("", ""), ("203.0.113.7, 10.0.0.1", "a.example/x"), ("a.example", "a.example@b.example")]
        {
            let mut headers = HeaderMap::new();
            headers.insert(SECRET, CURRENT.parse().unwrap());
            headers.insert(ADDRESS, address.parse().unwrap());
            headers.insert(HOST, host.parse().unwrap());
            assert_eq!(Viewer::take(&mut headers, &config), Some(Viewer { address: None, origin: None }), "{host}");
        }
    }
}
