//! Entity tags of answers that are the same for everybody (RFC 9110, section 8.8.3).

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// The strong tag of a body: its hash.
pub(super) fn of(body: &[u8]) -> String {
    format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, body)))
}

/// Whether a list of tags has this one, strong or weak, or is `*`.
pub(super) fn is_known(list: &str, tag: &str) -> bool {
    let mut tags = list.split(',').map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_whether_it_is_sent_as_strong_or_as_weak() {
        let tag = of(b"a");
        assert_ne!(tag, of(b"b"));
        for (list, known) in [
            (tag.clone(), true),
            (format!("W/{tag}"), true),
            (format!("\"other\", {tag}"), true),
            ("*".to_owned(), true),
            ("\"other\"".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_known(&list, &tag), known, "{list}");
        }
    }
}
