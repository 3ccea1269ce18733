use serde::Serialize;

use super::Invalid;

/// An e-mail address in lower case, at most 255 characters.
///
/// The grammar is the one of the Better Auth client's server: an ASCII local part of letters, digits and `_ ' + - .`
/// with no dot at either end or next to another and no `'` at its end; a domain of at least two labels that start with
/// a letter or digit, the last one of two letters or more. Beyond that grammar, the last label may be a name in another script
/// as the domain name system writes it (`xn--p1ai`, RFC 5890).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The most characters an address may have.
    pub const MAX_CHARS: usize = 255;

    /// Parses an address that somebody typed: keyboards append a blank when they complete a word.
    ///
    /// # Errors
    /// Those of [`Email::parse`].
    pub fn parse_typed(text: &str) -> Result<Self, Invalid> {
        Self::parse(text.trim())
    }

    /// Parses an address and puts it in lower case.
    ///
    /// # Errors
    /// A sentence for the sender when the address does not follow the grammar or is too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let valid = text.split_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
        if !valid {
            return Err("The email must be a valid address such as ann@example.com.".into());
        }
        if text.len() > Self::MAX_CHARS {
            return Err("The email must be at most 255 characters long.".into());
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(self.as_str(), |(local, _)| local)
    }
}

fn is_local(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'\'' | b'+' | b'-' | b'.');
    local.split('.').all(|part| !part.is_empty()) && local.bytes().all(allowed) && !local.ends_with('\'')
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    domain.rsplit_once('.').is_some_and(|(labels, top)| {
        let is_letters = top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
        labels.split('.').all(is_label) && (is_letters || is_label(top) && is_punycode(top))
    })
}

/// Whether a label is the ASCII form of one in another script (RFC 5890, section 2.3.2.1).
fn is_punycode(label: &str) -> bool {
    let is_prefix = |prefix: &str| prefix.eq_ignore_ascii_case("xn--");
    label
        .split_at_checked(4)
        .is_some_and(|(prefix, rest)| is_prefix(prefix) && !rest.is_empty() && !rest.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lowers_the_case() {
        assert_eq!(Email::parse("Ann.O'Neil+x@Example.COM").unwrap().as_str(), "ann.o'neil+x@example.com");
        assert_eq!(Email::parse("a_b-c@x-1.example.co").unwrap().local_part(), "a_b-c");
    }

    #[test]
    fn names_in_other_scripts_are_domains_too() {
        for text in [
            "ann@example.xn--p1ai",
            "ann@EXAMPLE.XN--P1AI",
            "ann@xn--e1afmkfd.xn--p1ai",
            "a@b.xn--vermgensberatung-pwb",
        ] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn blanks_around_a_typed_address_do_not_count() {
        let address = format!("{}@example.com", "a".repeat(255 - 12));
        for typed in [format!("{address} "), format!("\u{a0}{address}\r\n"), address.to_uppercase()] {
            assert_eq!(Email::parse_typed(&typed).unwrap().as_str(), address);
        }
        assert!(Email::parse_typed("a @b.co").is_err());
    }

    #[test]
    fn refuses_what_the_grammar_refuses() {
        for text in [
            "",
            "a",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@b.c",
            "a@b.c1",
            "a@b.xn--",
            "a@b.xn--a-",
            "a@b.xn--\u{e4}",
            "a@b.xn-p1ai",
            "a@b.ab--p1ai",
            "a@xn--p1ai",
            " a@b.co",
            "a@b.co ",
            "a@@b.co",
            "a@b@c.co",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "a'@b.co",
            "a@-b.co",
            "a@.co",
            "a@b..co",
            "ä@b.co",
            "a@ä.co",
            "\"a\"@b.co",
            "a@[1.2.3.4]",
            "a@1.2.3.4",
            "a b@c.co",
            "a@b.co\n",
            "a\0@b.co",
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn counts_characters_up_to_the_limit() {
        let address = |local: usize| format!("{}@example.com", "a".repeat(local));
        assert!(Email::parse(&address(255 - 12)).is_ok());
        assert!(Email::parse(&address(256 - 12)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_an_address_stays_one_and_the_same(text in "[a-zA-Z0-9.+_-]{1,10}@[a-zA-Z0-9-]{1,8}(\\.[a-zA-Z0-9-]{1,8}){0,3}|\\PC{0,60}") {
            if let Ok(email) = Email::parse(&text) {
                let (once, again) = (email.as_str(), Email::parse(email.as_str()));
                prop_assert!(again.is_ok_and(|again| again.as_str() == once));
                prop_assert!(once.chars().count() <= 255 && !once.chars().any(char::is_uppercase));
            }
        }
    }
}
