use std::fmt;

use super::Timestamp;
use uuid::Uuid;

/// What lets a user sign in with a password.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordAccount {
    /// Its id.
    pub id: Uuid,
    /// The hash of the password, in PHC string format.
    pub password_hash: String,
    /// When the password was last changed.
    pub updated_at: Timestamp,
}

impl fmt::Debug for PasswordAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordAccount").field("id", &self.id).finish_non_exhaustive()
    }
}
