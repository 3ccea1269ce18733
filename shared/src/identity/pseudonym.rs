//! What stands for an address or an account where neither is to be read: in counters and in log lines.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::keys::Keys;

/// 128 bits: no two of a world's accounts share one by chance.
const BYTES: usize = 16;

/// What stands for `value`, of this kind: always the same under one secret, and to nobody without it a way back.
pub fn pseudonym(keys: &Keys, kind: &str, value: &str) -> String {
    let mut context = hmac::Context::with_key(&keys.pseudonym);
    // No kind has a zero byte in it, so that no two pairs read the same.
    for part in [kind, "\0", value] {
        context.update(part.as_bytes());
    }
    let tag = context.sign();
    BASE64_URL_SAFE_NO_PAD.encode(tag.as_ref().get(..BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access_token::tests::key_ring;

    #[test]
    fn says_nothing_but_whether_two_are_the_same() {
        let keys = key_ring("first-secret-0123456789-0123456789", None);
        let other = key_ring("other-secret-0123456789-0123456789", None);
        let ann = pseudonym(&keys.current, "account", "ann@example.com");
        assert_eq!(ann, pseudonym(&keys.current, "account", "ann@example.com"));
        assert_eq!(ann.len(), 22);
        for different in [
            pseudonym(&keys.current, "account", "bob@example.com"),
            pseudonym(&keys.current, "client", "ann@example.com"),
            pseudonym(&other.current, "account", "ann@example.com"),
        ] {
            assert_ne!(ann, different);
        }
    }
}
