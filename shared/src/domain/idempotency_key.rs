use super::Invalid;

/// A key that a client chose for one request, so that it may be sent again: 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Parses an `Idempotency-Key` header.
    ///
    /// # Errors
    /// A sentence for the sender when it is empty, too long, or has other characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err("The Idempotency-Key must be 1 to 255 visible ASCII characters long, without spaces.".into())
        }
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
