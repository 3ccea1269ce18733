//! The user and what they sign in with.

pub mod change_email;
pub mod change_password;
pub mod delete_user;
pub mod follow_deletion_link;
pub mod list_accounts;
pub mod update_user;
pub mod verify_password;

/// The most characters of a name. It is in tokens, tokens are in headers, and API Gateway passes 10,240 bytes of headers.
pub(super) const NAME_CHARS: usize = 100;
/// The most bytes of a picture's URL, for the same reason.
pub(super) const IMAGE_BYTES: usize = 2000;
