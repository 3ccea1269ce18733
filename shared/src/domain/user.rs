use super::{Timestamp, UserId};

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The address the user signs in with, in lower case.
    pub email: String,
    /// What the user is called.
    pub name: String,
    /// A picture's URL.
    pub image: Option<String>,
    /// Whether the address is known to be the user's.
    pub email_verified: bool,
    /// Whether somebody has signed up with the address once more before it was known whose it is. From then on a link that only
    /// verifies it does not: it would leave the account with the password of whoever came first.
    pub is_contested: bool,
    /// `false` for a disabled account: none of its credentials are accepted.
    pub is_active: bool,
    /// Sessions that began under a lower number are revoked; raising it ends them all in one write.
    pub session_epoch: u64,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the profile last changed.
    pub updated_at: Timestamp,
}
