//! Who may see which page: the rules of `frontend/src/lib/routes.json`, as the web application itself decides by them.

use axum::http::{HeaderMap, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;

/// The rules that the web application, the function in front of its bucket and this server share.
const RULES: &str = include_str!("../../../frontend/src/lib/routes.json");

/// What `encodeURIComponent` leaves alone, beside letters and digits.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The pages and what each is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rules {
    pages: Vec<Page>,
    session_cookies: Vec<String>,
    login: String,
    home: String,
    not_found_file: String,
    private_files: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Page {
    path: String,
    file: String,
    access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Access {
    /// Wants a session cookie.
    Member,
    /// For those without one.
    Guest,
    /// Only leads to one of the two.
    Entry,
    /// For everybody.
    Anyone,
}

/// What a request for a page or a file gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A file of the export.
    Serve(String),
    /// The page for what does not exist.
    Missing(String),
    /// Another address.
    Redirect(StatusCode, String),
}

impl Rules {
    /// The rules of this repository's web application.
    ///
    /// # Errors
    /// What is wrong with `routes.json`.
    pub(super) fn of_this_repository() -> Result<Self, serde_json::Error> {
        serde_json::from_str(RULES)
    }

    /// Decides about a GET or HEAD. `path` and `query` are as in the request line, the query without its question mark.
    pub(super) fn decide(&self, path: &str, query: &str, has_session: bool) -> Outcome {
        let with_query = |path: &str| if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let temporarily = |to: String| Outcome::Redirect(StatusCode::TEMPORARY_REDIRECT, to);
        if let Some(page) = path.strip_suffix('/').and_then(|path| self.page(path)) {
            return Outcome::Redirect(StatusCode::PERMANENT_REDIRECT, with_query(&page.path));
        }
        let Some(page) = self.page(path) else {
            return match self.file(path) {
                Some(file) => Outcome::Serve(file.to_owned()),
                None => Outcome::Missing(self.not_found_file.clone()),
            };
        };
        match page.access {
            Access::Entry => temporarily(if has_session { &self.home } else { &self.login }.clone()),
            Access::Member if !has_session => {
                let wanted = with_query(path);
                temporarily(format!("{}?redirect={}", self.login, utf8_percent_encode(&wanted, COMPONENT)))
            }
            // A reason means that the API has just refused the session: believing its cookie would lead to and fro for ever.
            Access::Guest if has_session && query_value(query, "reason").is_none_or(|reason| reason.is_empty()) => {
                temporarily(self.safe_target(query_value(query, "redirect")))
            }
            _ => Outcome::Serve(page.file.clone()),
        }
    }

    /// Whether one of the session cookies came with a value: a hint, which the API checks.
    pub(super) fn has_session(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| !value.is_empty() && self.session_cookies.iter().any(|cookie| cookie == name))
    }

    /// The file of the page for what does not exist.
    pub(super) fn not_found_file(&self) -> &str {
        &self.not_found_file
    }

    fn page(&self, path: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.path == path)
    }

    /// The file that a path names. Assets have an extension; pages are never asked for by their file.
    fn file<'a>(&self, path: &'a str) -> Option<&'a str> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_!$@()[]~./-".contains(&byte);
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_file = name.contains('.')
            && !name.ends_with(".html")
            && !self.private_files.iter().any(|file| file == path)
            && path.bytes().all(is_plain)
            && !path.contains("//")
            && !path.contains("..");
        path.strip_prefix('/').filter(|_| is_file)
    }

    /// One of the member pages, with any query or fragment of printable ASCII but the backslash; else home.
    fn safe_target(&self, wanted: Option<String>) -> String {
        let leads_to_member_page = |wanted: &String| {
            let printable = wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
            let path = wanted.split(['?', '#']).next().unwrap_or_default();
            printable && self.page(path).is_some_and(|page| page.access == Access::Member)
        };
        wanted.filter(leads_to_member_page).unwrap_or_else(|| self.home.clone())
    }
}

/// The first value of a parameter; none where it is absent or cannot be decoded.
fn query_value(query: &str, name: &str) -> Option<String> {
    let (_, value) = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(parameter, _)| *parameter == name)?;
    let value = value.replace('+', " ");
    // The crate leaves a per cent sign that begins no escape as it is; the web application takes it for an error.
    let mut after_signs = value.split('%').skip(1);
    let escapes = after_signs.all(|after| after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2);
    let decoded = percent_decode_str(&value).decode_utf8().ok()?.into_owned();
    escapes.then_some(decoded)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::Value;

    use super::*;

    /// The table that holds every server of the web application to the same answers.
    const CASES: &str = include_str!("../../../frontend/tests/routes.cases.json");

    #[test]
    fn every_case_of_the_table() {
        let rules = Rules::of_this_repository().unwrap();
        let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
        assert!(cases.len() > 50, "{}", cases.len());
        for case in &cases {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let outcome = &case["outcome"];
            let expected = match text(&outcome["kind"]).as_str() {
                "serve" => Outcome::Serve(text(&outcome["file"])),
                "missing" => Outcome::Missing(text(&outcome["file"])),
                _ => {
                    let status = outcome["status"].as_u64().unwrap().try_into().unwrap();
                    Outcome::Redirect(StatusCode::from_u16(status).unwrap(), text(&outcome["to"]))
                }
            };
            let (path, query) = (text(&case["path"]), text(&case["query"]));
            assert_eq!(rules.decide(&path, &query, case["cookie"].as_bool().unwrap()), expected, "{path}?{query}");
        }
    }

    #[test]
    fn a_session_cookie_counts_when_any_of_its_name_has_a_value() {
        let rules = Rules::of_this_repository().unwrap();
        let has_session = |cookies: &[&'static str]| {
            let values = cookies.iter().map(|value| (header::COOKIE, HeaderValue::from_static(value)));
            rules.has_session(&values.collect())
        };
        assert!(has_session(&["a=1; better-auth.session_token=x"]));
        assert!(has_session(&["a=1", "better-auth.session_token=; __Secure-better-auth.session_token=x"]));
        assert!(!has_session(&[]));
        assert!(!has_session(&[
            "better-auth.session_token=",
            "xbetter-auth.session_token=x; better-auth.session_data=x"
        ]));
    }
}
