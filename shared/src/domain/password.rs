use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization;

use super::{Invalid, common_passwords};

/// A password as somebody typed it, in NFKC form, so that keyboards that compose characters differently type the same one. All
/// lengths are those of that form.
#[derive(Debug, Clone)]
pub struct Password(SecretString);

/// What is wrong with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Fewer characters than may be set.
    TooShort,
    /// More than are looked at.
    TooLong,
    /// One of those that are tried first. Who has one from before signs in with it.
    TooCommon,
}

impl Password {
    /// The most characters (Unicode scalar values) that are tried at all: as many as can be set in either dialect. Longer ones
    /// are simply wrong.
    pub const MAX_CHARS: usize = 128;

    /// Takes any text: a password to try.
    pub fn new(text: &str) -> Self {
        Self(text.nfkc().collect::<String>().into())
    }

    /// Takes text of at most [`Password::MAX_CHARS`] characters: a password to try in the Better Auth dialect.
    ///
    /// # Errors
    /// That it is too long.
    pub fn parse_short(text: &str) -> Result<Self, Unfit> {
        let password = Self::new(text);
        if password.is_too_long() { Err(Unfit::TooLong) } else { Ok(password) }
    }

    /// Whether the password is longer than [`Password::MAX_CHARS`].
    pub fn is_too_long(&self) -> bool {
        self.chars() > Self::MAX_CHARS
    }

    /// What is hashed. It never goes into a log or an answer.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    fn is_common(&self) -> bool {
        common_passwords::contains(self.expose())
    }

    fn chars(&self) -> usize {
        self.expose().chars().count()
    }
}

/// A password that may be set.
#[derive(Debug, Clone)]
pub struct NewPassword(Password);

impl NewPassword {
    /// Parses a password to be set in the plain dialect: 8 to 100 characters.
    ///
    /// # Errors
    /// A sentence for the sender when it is too short, too long or too common.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let password = Password::new(text);
        match password.chars() {
            8..=100 if password.is_common() => Err("The password is one that many people have; choose another.".into()),
            8..=100 => Ok(Self(password)),
            _ => Err("The password must be 8 to 100 characters long.".into()),
        }
    }

    /// Parses a password to be set in the Better Auth dialect: at least 8 UTF-16 code units, as JavaScript counts, and at most
    /// [`Password::MAX_CHARS`] characters.
    ///
    /// # Errors
    /// Whether it is too short, too long or too common.
    pub fn parse_better_auth(text: &str) -> Result<Self, Unfit> {
        let password = Password::parse_short(text)?;
        if password.expose().encode_utf16().count() < 8 {
            Err(Unfit::TooShort)
        } else if password.is_common() {
            Err(Unfit::TooCommon)
        } else {
            Ok(Self(password))
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
    fn counts_characters_of_the_normal_form_and_knows_what_is_common_in_it() {
        for (text, valid) in [
            ("1234567".to_owned(), false),
            ("1234-678".to_owned(), true),
            ("12345678".to_owned(), false),
            ("\u{ff30}assword".to_owned(), false),
            ("🔑".repeat(8), true),
            ("🔑".repeat(7), false),
            ("ä".repeat(100), true),
            ("ä".repeat(101), false),
            ("a\u{308}".repeat(100), true),
            ("a\u{308}".repeat(4), false),
            // One character that stands for eighteen.
            ("\u{fdfa}".to_owned(), true),
        ] {
            assert_eq!(NewPassword::parse(&text).is_ok(), valid, "{text}");
        }
    }

    #[test]
    fn what_can_be_set_in_one_dialect_can_be_tried_in_the_other() {
        for text in ["🔑".repeat(70), "🔑".repeat(100), "a\u{308}".repeat(100), "🔑".repeat(4), "x".repeat(128)] {
            let set = NewPassword::parse(&text).is_ok() || NewPassword::parse_better_auth(&text).is_ok();
            assert!(set && Password::parse_short(&text).is_ok() && !Password::new(&text).is_too_long(), "{text}");
        }
        assert_eq!(NewPassword::parse_better_auth(&"🔑".repeat(3)).unwrap_err(), Unfit::TooShort);
        assert_eq!(NewPassword::parse_better_auth(&"🔑".repeat(129)).unwrap_err(), Unfit::TooLong);
        assert_eq!(Password::parse_short(&"x".repeat(129)).unwrap_err(), Unfit::TooLong);
        assert_eq!(NewPassword::parse_better_auth("Password1").unwrap_err(), Unfit::TooCommon);
        assert!(Password::parse_short("Password1").is_ok(), "to try");
    }

    #[test]
    fn never_shows_itself() {
        let shown = format!("{:?}", NewPassword::parse("correct horse").unwrap());
        assert!(!shown.contains("correct"), "{shown}");
    }

    #[test]
    fn composed_and_decomposed_forms_are_one_password() {
        assert_eq!(Password::new("pa\u{308}ssword").expose(), Password::new("p\u{e4}ssword").expose());
    }
}
