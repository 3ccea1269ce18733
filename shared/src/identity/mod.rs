//! Who is calling, without any I/O: credentials in, a [`Principal`] out, and the keys and tokens that this takes.
//!
//! Whether a principal's session is still alive, the store knows: it hands out [`Alive`].

pub mod access_token;
mod alive;
mod credential;
pub mod cursor;
pub mod device_token;
pub mod keys;
pub mod mail_token;
pub mod password_hash;
mod principal;
mod pseudonym;
pub mod session_token;

pub use alive::{Alive, SessionState, UserState};
pub use credential::Credential;
pub use principal::{Caller, Principal};
pub use pseudonym::pseudonym;
