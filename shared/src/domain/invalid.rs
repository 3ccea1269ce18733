use std::borrow::Cow;

/// Why a value is not acceptable: one sentence for the person who sent it, saying what would be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub Cow<'static, str>);

impl From<&'static str> for Invalid {
    fn from(sentence: &'static str) -> Self {
        Self(Cow::Borrowed(sentence))
    }
}

impl From<String> for Invalid {
    fn from(sentence: String) -> Self {
        Self(Cow::Owned(sentence))
    }
}
