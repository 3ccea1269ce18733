//! Passwords that are tried first: the 5,000 most common of those that are long enough to be set. `infra/common-passwords.py` writes
//! the list, and says where it is from.

use aws_lc_rs::digest;

/// How much of a password's SHA-256 is kept: enough for one in a million passwords to be taken for one of them.
const BYTES: usize = 4;

/// In order.
static DIGESTS: &[u8] = include_bytes!("common_passwords.bin");

/// Whether a password is one of them, in whatever case.
pub(super) fn contains(password: &str) -> bool {
    let digest = digest::digest(&digest::SHA256, password.to_lowercase().as_bytes());
    let (digests, _) = DIGESTS.as_chunks::<BYTES>();
    digest.as_ref().first_chunk::<BYTES>().is_some_and(|wanted| digests.binary_search(wanted).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_in_order_and_as_many_as_is_said() {
        let (digests, rest) = DIGESTS.as_chunks::<BYTES>();
        assert_eq!((digests.len(), rest.len()), (5000, 0));
        assert!(digests.is_sorted());
    }

    #[test]
    fn knows_what_everybody_chooses_and_nothing_else() {
        for password in ["password", "PassWord", "12345678", "qwertyuiop", "trustno1"] {
            assert!(contains(password), "{password}");
        }
        for password in [
            "correct horse battery staple",
            "p4ss-p4ss",
            "\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}\u{1f511}",
            "",
        ] {
            assert!(!contains(password), "{password}");
        }
    }
}
