//! `/api/auth/…` in the plain dialect: accounts and sessions.

pub mod export;
pub mod forgot_password;
pub mod login;
pub mod logout;
pub mod me;
pub(crate) mod reset_password;
pub mod signup;
mod token_response;
pub mod verify_email;
