use secrecy::SecretString;
use uuid::Uuid;

use super::{Timestamp, UserId};

/// What lets a user sign in with a password.
#[derive(Debug, Clone)]
pub struct PasswordAccount {
    /// Its id.
    pub id: Uuid,
    /// The hash of the password, in PHC string format.
    pub password_hash: SecretString,
    /// When the password was last changed. The same password under another hash is no change.
    pub updated_at: Timestamp,
}

impl PasswordAccount {
    /// When a password is changed that takes the place of this one `now`: later than this one was, also where two come within a
    /// millisecond or the clocks of two environments differ. It tells one password from another, as a hash does not.
    pub fn changed_at(&self, now: Timestamp) -> Timestamp {
        now.max(Timestamp::from_millis(self.updated_at.millis().saturating_add(1)))
    }
}

/// Which user an email belongs to, and what signing in with it needs.
#[derive(Debug, Clone)]
pub struct EmailCredential {
    /// The address, in lower case.
    pub email: String,
    /// The user it belongs to.
    pub user_id: UserId,
    /// The hash of the user's password, in PHC string format.
    pub password_hash: SecretString,
}
