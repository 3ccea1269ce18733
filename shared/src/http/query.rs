use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::Violations;
use crate::{Error, domain::Invalid};

/// The parameters of a query string (`application/x-www-form-urlencoded`), taken one by one like
/// [`Fields`](super::plain::Fields). The first parameter of a name counts; bytes that are not UTF-8 become U+FFFD.
#[derive(Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    violations: Violations,
}

impl Query {
    /// Splits and decodes a query string. Every text is a query string.
    pub fn parse(raw: &str) -> Self {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self { pairs: pairs.collect(), violations: Violations::default() }
    }

    /// The first value of a parameter that is not empty: one that is there and empty, as forms send it, counts as absent.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter as it is.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every name and value, in order.
    pub fn into_pairs(self) -> impl Iterator<Item = (String, String)> {
        self.pairs.into_iter()
    }

    /// The parsed value of a parameter; absent or empty is `None`.
    pub fn optional<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let value = self.filled(name)?;
        let parsed = parse(value);
        self.violations.keep(name, parsed)
    }

    /// Whether everything taken was valid.
    ///
    /// # Errors
    /// [`Error::Validation`] with everything that was wrong.
    pub fn finish(self) -> Result<(), Error> {
        self.violations.finish(Some(()))
    }
}

fn decode(text: &str) -> String {
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decodes_and_takes_the_first_of_a_name() {
        let query = Query::parse("q=buy+milk%26eggs&q=other&empty=&flag&&%71x=%ff");
        assert_eq!(query.get("q"), Some("buy milk&eggs"));
        assert_eq!(query.get("empty"), Some(""));
        assert_eq!(query.get("flag"), Some(""));
        assert_eq!(query.get("qx"), Some("\u{fffd}"));
        assert_eq!(query.get("absent"), None);
        let query = Query::parse("empty=&q=&q=milk&q=bread");
        assert_eq!((query.filled("empty"), query.filled("q"), query.get("q")), (None, Some("milk"), Some("")));
    }

    proptest! {
        #[test]
        fn no_query_panics(raw in "\\PC{0,80}") {
            Query::parse(&raw);
        }
    }
}
