use serde::Serialize;

use super::Invalid;

/// An e-mail address in lower case, at most 255 characters.
///
/// The grammar is the one of the Better Auth client's server: an ASCII local part of letters, digits and `_ ' + - .`
/// with no dot at either end or next to another and no `'` at its end; a domain of at least two labels that start with
/// a letter or digit, the last one of two letters or more. Addresses are not trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The most characters an address may have.
    pub const MAX_CHARS: usize = 255;

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
        labels.split('.').all(is_label) && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lowers_the_case() {
        assert_eq!(Email::parse("Ann.O'Neil+x@Example.COM").unwrap().as_str(), "ann.o'neil+x@example.com");
        assert_eq!(Email::parse("a_b-c@x-1.example.co").unwrap().local_part(), "a_b-c");
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
}
