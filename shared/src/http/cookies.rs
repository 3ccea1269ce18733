//! Cookies (RFC 6265), in the names and attributes of Better Auth.

use lambda_http::http::{HeaderName, header};
use percent_encoding::percent_decode_str;

use super::{Response, origin::Origin};

/// How long a browser keeps the cookie of a session that is to be remembered: 7 days, in seconds.
const MAX_AGE_SECONDS: u32 = 7 * 24 * 60 * 60;

/// The header that hands the session token to clients that do not keep cookies.
const SET_AUTH_TOKEN: HeaderName = HeaderName::from_static("set-auth-token");

const SESSION_TOKEN: &str = "session_token";
const SESSION_DATA: &str = "session_data";
const DONT_REMEMBER: &str = "dont_remember";

/// The name of the session cookie for an API at `origin`. With https it has the `__Secure-` prefix, which browsers
/// accept from secure pages alone.
pub fn session_cookie_name(origin: &Origin) -> String {
    full_name(SESSION_TOKEN, origin)
}

/// The name of the cookie in which the original server caches sessions; this one has no need to.
pub fn session_data_cookie_name(origin: &Origin) -> String {
    full_name(SESSION_DATA, origin)
}

/// Hands a session's token to the client: in the session cookie, and in a header for those who keep none.
///
/// Without `remember` the cookie ends with the browser, and a second cookie says so.
pub fn set_session(response: Response, origin: &Origin, token: &str, remember: bool) -> Response {
    let max_age = remember.then_some(MAX_AGE_SECONDS);
    let response = response
        .with_header_if_valid(SET_AUTH_TOKEN, token)
        .with_header_if_valid(header::SET_COOKIE, &set_cookie(SESSION_TOKEN, token, max_age, origin));
    if remember {
        response
    } else {
        response.with_header_if_valid(header::SET_COOKIE, &set_cookie(DONT_REMEMBER, "true", None, origin))
    }
}

/// Takes back every cookie of a session.
pub fn clear(response: Response, origin: &Origin) -> Response {
    [SESSION_TOKEN, SESSION_DATA, DONT_REMEMBER].iter().fold(response, |response, name| {
        response.with_header_if_valid(header::SET_COOKIE, &set_cookie(name, "", Some(0), origin))
    })
}

/// Takes back the cookie of a cached session.
pub fn clear_session_data(response: Response, origin: &Origin) -> Response {
    response.with_header_if_valid(header::SET_COOKIE, &set_cookie(SESSION_DATA, "", Some(0), origin))
}

fn full_name(name: &str, origin: &Origin) -> String {
    let prefix = if origin.is_https() { "__Secure-" } else { "" };
    format!("{prefix}better-auth.{name}")
}

fn set_cookie(name: &str, value: &str, max_age: Option<u32>, origin: &Origin) -> String {
    let name = full_name(name, origin);
    let max_age = max_age.map(|seconds| format!("Max-Age={seconds}; ")).unwrap_or_default();
    let secure = if origin.is_https() { "Secure; " } else { "" };
    format!("{name}={value}; {max_age}Path=/; HttpOnly; {secure}SameSite=Lax")
}

/// The decoded value of the first cookie named `name` in `Cookie` header values.
///
/// A cookie may stand alone or be separated by `;` with or without a space, its value may be quoted, and it is
/// percent-decoded if it contains a `%`. The first of several with one name wins, so that a cookie set for a
/// narrower path or an earlier time, which browsers send first, cannot be displaced by one tossed in later.
pub fn find<'a>(headers: impl Iterator<Item = &'a str>, name: &str) -> Option<String> {
    headers.flat_map(|header| header.split(';')).find_map(|pair| {
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
    fn finds_the_first_in_every_form_of_the_header() {
        for headers in [
            vec!["a=1; s=x; s=y"],
            vec!["a=1;s=x;s=y"],
            vec!["a=1", "s=x", "s=y"],
            vec!["s=\"x\""],
            vec!["xs=1; s=%78"],
            vec!["s; =; s=x"],
        ] {
            assert_eq!(find(headers.iter().copied(), "s").as_deref(), Some("x"), "{headers:?}");
        }
        assert_eq!(find(["S=x; ss=x"].into_iter(), "s"), None);
    }

    #[test]
    fn attributes_are_those_of_the_original() {
        let plain = Origin::parse("http://localhost").unwrap();
        let secure = Origin::parse("https://api.example.com").unwrap();
        assert_eq!(
            set_cookie(SESSION_TOKEN, "t", Some(604_800), &plain),
            "better-auth.session_token=t; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            set_cookie(DONT_REMEMBER, "true", None, &secure),
            "__Secure-better-auth.dont_remember=true; Path=/; HttpOnly; Secure; SameSite=Lax"
        );
    }

    proptest! {
        #[test]
        fn no_header_panics(header in "\\PC{0,80}") {
            find([header.as_str()].into_iter(), "s");
        }
    }
}
