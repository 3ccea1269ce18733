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
    /// When the password was last changed.
    pub updated_at: Timestamp,
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
