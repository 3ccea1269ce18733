//! Randomness, handed in so that tests can choose it.

use std::sync::Arc;

use uuid::Uuid;

use crate::Error;

/// Fills a buffer.
type Fill = dyn Fn(&mut [u8]) -> Result<(), Error> + Send + Sync;

/// A source of random bytes.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

impl Random {
    /// The cryptographic generator of AWS-LC.
    pub fn secure() -> Self {
        Self::from_fn(|bytes| {
            aws_lc_rs::rand::fill(bytes).map_err(|_| Error::internal("the random number generator failed"))
        })
    }

    /// A generator that fills as `fill` does.
    pub fn from_fn(fill: impl Fn(&mut [u8]) -> Result<(), Error> + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// [`Error::Internal`] when the operating system gives no randomness.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        (self.0)(&mut bytes)?;
        Ok(bytes)
    }

    /// A random (version 4) UUID: 122 random bits.
    ///
    /// # Errors
    /// As [`Random::bytes`].
    pub fn uuid(&self) -> Result<Uuid, Error> {
        Ok(uuid::Builder::from_random_bytes(self.bytes()?).into_uuid())
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}
