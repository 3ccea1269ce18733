use serde::Serialize;

use super::{Email, Invalid};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            pub fn into_string(self) -> String {
                self.0
            }
        }
    };
}

text! {
    /// A task's title: 1 to 200 characters after trimming.
    Title
}

text! {
    /// A task's description: at most 5,000 characters.
    Description
}

text! {
    /// A user's name: 1 to 100 characters.
    Name
}

/// Whether a text that people read holds a control character (C0, DEL or C1) that is no tab, line feed or carriage return. They
/// show as nothing, terminals obey them, and JSON escapes them with six bytes each.
pub fn has_control_characters(text: &str) -> bool {
    text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

fn without_control_characters<'a>(text: &'a str, what: &str) -> Result<&'a str, Invalid> {
    if has_control_characters(text) {
        return Err(
            format!("The {what} must hold no control characters but tab, line feed and carriage return.").into()
        );
    }
    Ok(text)
}

impl Title {
    /// Trims and parses a title.
    ///
    /// # Errors
    /// A sentence for the sender when it is blank or too long, or holds control characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = without_control_characters(text, "title")?.trim();
        match text.chars().count() {
            1..=200 => Ok(Self(text.to_owned())),
            0 => Err("The title must not be blank.".into()),
            _ => Err("The title must be at most 200 characters long.".into()),
        }
    }
}

impl Description {
    /// Parses a description.
    ///
    /// # Errors
    /// A sentence for the sender when it is too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = without_control_characters(text, "description")?;
        if text.chars().count() > 5000 {
            return Err("The description must be at most 5,000 characters long.".into());
        }
        Ok(Self(text.to_owned()))
    }
}

impl Name {
    /// Parses a name; an empty one is `None`, which [`Name::or_local_part`] replaces.
    ///
    /// # Errors
    /// A sentence for the sender when it is too long or holds control characters.
    pub fn parse(text: &str) -> Result<Option<Self>, Invalid> {
        let text = without_control_characters(text, "name")?;
        match text.chars().count() {
            0 => Ok(None),
            1..=100 => Ok(Some(Self(text.to_owned()))),
            _ => Err("The name must be at most 100 characters long.".into()),
        }
    }

    /// The name, or the part of the email before `@`.
    pub fn or_local_part(name: Option<Self>, email: &Email) -> String {
        name.map_or_else(|| email.local_part().to_owned(), Self::into_string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_trimmed_then_counted() {
        assert_eq!(Title::parse("  buy milk\n").unwrap().as_str(), "buy milk");
        assert!(Title::parse(" \t\u{2003}").is_err());
        assert!(Title::parse(&format!(" {} ", "ü".repeat(200))).is_ok());
        assert!(Title::parse(&"ü".repeat(201)).is_err());
    }

    #[test]
    fn descriptions_and_names_are_counted_in_characters() {
        assert!(Description::parse(&"🙂".repeat(5000)).is_ok());
        assert!(Description::parse(&"🙂".repeat(5001)).is_err());
        assert!(Name::parse(&"é".repeat(100)).unwrap().is_some());
        assert!(Name::parse(&"é".repeat(101)).is_err());
    }

    #[test]
    fn control_characters_are_refused_but_those_that_people_type() {
        let controls = (0..=0x1f).chain(0x7f..=0x9f).filter_map(char::from_u32);
        for control in controls {
            let is_typed = matches!(control, '\t' | '\n' | '\r');
            for text in [format!("a{control}b"), format!("{control}a"), format!("a{control}")] {
                assert_eq!(Title::parse(&text).is_ok(), is_typed, "{text:?}");
                assert_eq!(Description::parse(&text).is_ok(), is_typed, "{text:?}");
                assert_eq!(Name::parse(&text).is_ok(), is_typed, "{text:?}");
            }
        }
        // Formatting characters hold emoji and right-to-left text together.
        assert!(Title::parse("👩\u{200d}🔬 \u{200f}\u{a0}\u{ad}\u{2028}x").is_ok());
    }

    #[test]
    fn an_empty_name_becomes_the_local_part() {
        let email = Email::parse("Ann@example.com").unwrap();
        assert_eq!(Name::or_local_part(Name::parse("").unwrap(), &email), "ann");
        assert_eq!(Name::or_local_part(Name::parse("Ann").unwrap(), &email), "Ann");
    }
}
