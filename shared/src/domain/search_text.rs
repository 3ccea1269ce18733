use caseless::Caseless;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::Invalid;

/// A text to look for, whatever its case and however its characters are composed: `STRASSE` finds `Straße`, and `Café` is
/// found in either form.
///
/// It is kept folded: in normalization form KC (Unicode Standard Annex 15) without case (the Unicode Standard, section 3.13.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SearchText(String);

impl SearchText {
    /// The most characters of it. It is in the link to the next page, percent-encoded with up to 12 bytes a character, and API
    /// Gateway passes 10,240 bytes of headers.
    pub const MAX_CHARS: usize = 500;

    /// Parses and folds a text.
    ///
    /// # Errors
    /// A sentence for the sender when it is longer than [`SearchText::MAX_CHARS`].
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.chars().count() > Self::MAX_CHARS {
            return Err("The text to look for must be at most 500 characters long.".into());
        }
        Ok(Self(folded(text)))
    }

    /// Whether this text is in another.
    pub fn is_in(&self, text: &str) -> bool {
        folded(text).contains(&self.0)
    }
}

fn folded(text: &str) -> String {
    // The same, and much faster: a list folds up to a megabyte.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Folding may leave what is not normalized.
    text.nfkc().default_case_fold().nfkc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(q: &str, text: &str) -> bool {
        SearchText::parse(q).unwrap().is_in(text)
    }

    #[test]
    fn case_and_composition_do_not_matter() {
        for (q, text) in [
            ("MILK", "buy milk"),
            ("STRASSE", "Lange Straße 1"),
            ("straße", "LANGE STRASSE 1"),
            ("stra\u{1e9e}e", "Strasse"),
            ("Cafe\u{301}", "CAF\u{c9}"),
            ("caf\u{e9}", "Cafe\u{301}"),
            ("ΟΔΟΣ", "οδοσμα"),
            ("οδος", "ΟΔΟΣΜΑ"),
            ("οδοσ", "οδος"),
            ("office", "O\u{fb03}ce"),
            ("２０２６", "in 2026"),
            ("kelvin", "\u{212a}elvin"),
            ("\u{3b1}\u{345}", "\u{1fb3}"),
            ("", "anything"),
        ] {
            assert!(finds(q, text), "{q} in {text}");
        }
        for (q, text) in [("cafe\u{301}", "cafe"), ("Straße", "Strase"), ("ä", "a"), ("milk", "")] {
            assert!(!finds(q, text), "{q} in {text}");
        }
    }

    #[test]
    fn its_length_is_counted_in_characters_as_sent() {
        assert!(SearchText::parse(&"🦀".repeat(SearchText::MAX_CHARS)).is_ok());
        assert!(SearchText::parse(&"-".repeat(SearchText::MAX_CHARS + 1)).is_err());
    }

    proptest! {
        #[test]
        fn a_text_is_found_in_itself_in_either_case(text in "\\PC{0,40}") {
            prop_assert!(finds(&text, &text));
            prop_assert!(finds(&text, &text.nfd().collect::<String>()));
            prop_assert!(finds(&text.nfd().collect::<String>(), &text));
        }

        #[test]
        fn ascii_takes_no_other_way_than_the_rest(text in "[ -~]{0,40}") {
            prop_assert_eq!(folded(&text), text.nfkc().default_case_fold().nfkc().collect::<String>());
        }
    }
}
