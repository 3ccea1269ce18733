//! Cookies (RFC 6265), in the names and attributes of Better Auth.

use percent_encoding::percent_decode_str;

use super::origin::Origin;

/// The name of the session cookie for an API at `origin`. With https it has the `__Secure-` prefix, which browsers
/// accept from secure pages alone.
pub fn session_cookie_name(origin: &Origin) -> &'static str {
    if origin.is_https() { "__Secure-better-auth.session_token" } else { "better-auth.session_token" }
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

    proptest! {
        #[test]
        fn no_header_panics(header in "\\PC{0,80}") {
            find([header.as_str()].into_iter(), "s");
        }
    }
}
