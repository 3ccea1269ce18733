use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::Invalid;

/// A password as somebody typed it to sign in. Its text leaves only through [`Password::normalized`], never through
/// a log or an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The most characters that are tried at all; longer ones are simply wrong.
    pub const MAX_CHARS: usize = 128;

    /// Takes text of at most 128 UTF-16 code units: a password to try in the Better Auth dialect.
    ///
    /// # Errors
    /// That it is too long.
    pub fn parse_utf16(text: &str) -> Result<Self, Length> {
        if utf16_len(text) > Self::MAX_CHARS { Err(Length::TooLong) } else { Ok(Self::new(text)) }
    }

    /// Takes any text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether the password is longer than [`Password::MAX_CHARS`] Unicode scalar values.
    pub fn is_too_long(&self) -> bool {
        self.0.chars().count() > Self::MAX_CHARS
    }

    /// The NFKC form, so that keyboards that compose characters differently type the same password.
    pub fn normalized(&self) -> String {
        self.0.nfkc().collect()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// What is wrong with a password's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Fewer than may be set.
    TooShort,
    /// More than are looked at.
    TooLong,
}

fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A password that may be set: 8 to 100 Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassword(Password);

impl NewPassword {
    /// Parses a password to be set.
    ///
    /// # Errors
    /// A sentence for the sender when it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.chars().count() {
            8..=100 => Ok(Self(Password::new(text))),
            _ => Err("The password must be 8 to 100 characters long.".into()),
        }
    }

    /// Parses a password to be set in the Better Auth dialect: 8 to 128 UTF-16 code units, as JavaScript counts.
    ///
    /// # Errors
    /// Whether it is too short or too long.
    pub fn parse_utf16(text: &str) -> Result<Self, Length> {
        match utf16_len(text) {
            ..8 => Err(Length::TooShort),
            8..=128 => Ok(Self(Password::new(text))),
            _ => Err(Length::TooLong),
        }
    }

    /// The password.
    pub fn as_password(&self) -> &Password {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_unicode_scalar_values() {
        for (text, valid) in [
            ("1234567".to_owned(), false),
            ("12345678".to_owned(), true),
            ("🔑".repeat(8), true),
            ("🔑".repeat(7), false),
            ("ä".repeat(100), true),
            ("ä".repeat(101), false),
        ] {
            assert_eq!(NewPassword::parse(&text).is_ok(), valid, "{text}");
        }
    }

    #[test]
    fn counts_utf16_units_where_javascript_does() {
        assert_eq!(NewPassword::parse_utf16(&"🔑".repeat(3)), Err(Length::TooShort));
        assert!(NewPassword::parse_utf16(&"🔑".repeat(4)).is_ok());
        assert!(NewPassword::parse_utf16(&"🔑".repeat(64)).is_ok());
        assert_eq!(NewPassword::parse_utf16(&"🔑".repeat(65)), Err(Length::TooLong));
        assert_eq!(Password::parse_utf16(&"🔑".repeat(65)), Err(Length::TooLong));
    }

    #[test]
    fn never_shows_itself() {
        assert_eq!(format!("{:?}", NewPassword::parse("correct horse").unwrap()), "NewPassword(Password)");
    }

    #[test]
    fn composed_and_decomposed_forms_are_one_password() {
        assert_eq!(Password::new("pa\u{308}ssword").normalized(), Password::new("p\u{e4}ssword").normalized());
    }
}
