//! Attributes as they lie in DynamoDB's JSON, for `#[serde(deserialize_with)]`.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IntoDeserializer as _},
};

/// A text, where it lies unless JSON has escaped something in it.
///
/// # Errors
/// Those of the deserializer.
pub fn text<'de: 'a, 'a, D: Deserializer<'de>>(attribute: D) -> Result<Cow<'a, str>, D::Error> {
    #[derive(Deserialize)]
    enum Attribute<'a> {
        S(#[serde(borrow)] Cow<'a, str>),
    }
    Attribute::deserialize(attribute).map(|Attribute::S(text)| text)
}

/// A text that may be missing, with `#[serde(default)]`.
///
/// # Errors
/// Those of the deserializer.
pub fn some_text<'de: 'a, 'a, D: Deserializer<'de>>(attribute: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    text(attribute).map(Some)
}

/// A text that is the name of a value.
///
/// # Errors
/// Those of the deserializer, or that no value has that name.
pub fn name<'de, D: Deserializer<'de>, T: DeserializeOwned>(attribute: D) -> Result<T, D::Error> {
    T::deserialize(text(attribute)?.into_deserializer())
}

/// A number, which is text there.
///
/// # Errors
/// Those of the deserializer, or that the number is none of the type's.
pub fn number<'de, D: Deserializer<'de>, T: DeserializeOwned>(attribute: D) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    enum Attribute<'a> {
        N(#[serde(borrow)] Cow<'a, str>),
    }
    let Attribute::N(digits) = Attribute::deserialize(attribute)?;
    serde_json::from_str(&digits).map_err(D::Error::custom)
}
