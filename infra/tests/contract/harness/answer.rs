//! Answers, and what holds for all of them.

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};
use serde_json::Value;

use super::{PASSWORD, base_url};
use crate::api::{self, Seen};

#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and address of the request, for messages.
    pub line: String,
    pub url: Url,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "{}: {}", self.line, self.shown());
        self
    }

    /// Neither a success nor a failure of the server.
    #[track_caller]
    pub fn expect_refusal(&self) -> &Answer {
        assert!((400..500).contains(&self.status), "{}: {} {}", self.line, self.status, self.shown());
        self
    }

    #[track_caller]
    pub fn expect_one_of(&self, statuses: &[u16]) -> &Answer {
        assert!(statuses.contains(&self.status), "{}: {}, not {statuses:?}: {}", self.line, self.status, self.shown());
        self
    }

    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(2000).collect()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let media_type = self.header("content-type").unwrap_or_default();
        assert!(
            media_type.starts_with("application/json") || media_type.starts_with("application/problem+json"),
            "{}: content-type `{media_type}`",
            self.line
        );
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.line, self.shown()))
    }

    #[track_caller]
    pub fn array(&self) -> Vec<Value> {
        match self.json() {
            Value::Array(items) => items,
            other => panic!("{}: not an array: {other}", self.line),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The items of a comma list header, over all its lines, in lower case.
    pub fn header_items(&self, name: &str) -> BTreeSet<String> {
        self.headers
            .get_all(name)
            .iter()
            .flat_map(|line| line.to_str().unwrap().split(','))
            .map(|item| item.trim().to_ascii_lowercase())
            .collect()
    }

    /// The entity tag, which must be a strong one: RFC 9110, section 8.8.3.
    #[track_caller]
    pub fn etag(&self) -> String {
        let tag = self.header("etag").unwrap_or_else(|| panic!("{}: no ETag", self.line));
        let inside = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let inside = inside.unwrap_or_else(|| panic!("{}: {tag} is not a strong entity tag", self.line));
        assert!(!inside.is_empty(), "{}: the ETag is empty", self.line);
        assert!(inside.bytes().all(|byte| byte == 0x21 || (0x23..0x7f).contains(&byte)), "{}: {tag}", self.line);
        tag.to_owned()
    }

    /// The target of `Link: rel="next"` (RFC 8288), resolved against the request.
    #[track_caller]
    pub fn next_page(&self) -> Option<Url> {
        let link = self.header("link")?;
        let (target, parameters) = link
            .strip_prefix('<')
            .and_then(|rest| rest.split_once('>'))
            .unwrap_or_else(|| panic!("{}: Link is `{link}`", self.line));
        assert!(parameters.contains("rel=\"next\""), "{}: Link is `{link}`", self.line);
        Some(self.url.join(target).unwrap())
    }

    /// The target of `Location`, resolved against the request.
    #[track_caller]
    pub fn location(&self) -> Url {
        let location = self.header("location").unwrap_or_else(|| panic!("{}: no Location", self.line));
        self.url.join(location).unwrap()
    }

    /// The API's description has such an answer.
    #[track_caller]
    pub fn check_description(&self, method: &Method) {
        let headers = self.headers.keys().map(|name| name.as_str().to_owned()).collect();
        let media_type = self.header("content-type");
        let seen = Seen { status: self.status, media_type, headers, body: &self.body };
        let complaint = api::complaint(method.as_str(), self.url.path(), &seen);
        assert_eq!(complaint, None, "{}", self.line);
    }

    #[track_caller]
    pub fn check_what_holds_for_all(&self) {
        let Answer { line, status, .. } = self;
        let shown = self.shown();
        assert_ne!(*status, 429, "{line}: the API under test limits the rate of requests: {shown}");
        assert!(*status < 500, "{line}: {status} {shown}");
        self.check_headers();
        for secret in [PASSWORD, "$argon2", "password_hash"] {
            assert!(!shown.contains(secret), "{line}: the body contains `{secret}`: {shown}");
        }
        if *status >= 400 {
            let lower = shown.to_lowercase();
            for internal in ["panicked", "dynamodb", "aws_sdk", ".rs:", "conditionalcheck"] {
                assert!(!lower.contains(internal), "{line}: the body shows internals: {shown}");
            }
        }
    }

    /// The headers that every answer of a function carries.
    #[track_caller]
    pub fn check_headers(&self) {
        let line = &self.line;
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{line}");
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"), "{line}");
        assert!(self.header_items("cache-control").contains("no-store"), "{line}: {:?}", self.header("cache-control"));
        let transport_security = self.header("strict-transport-security");
        if base_url().starts_with("https://") {
            assert!(transport_security.is_some_and(|value| value.contains("max-age=")), "{line}");
        } else {
            assert_eq!(transport_security, None, "{line}: HSTS has no place on http");
        }
    }
}
