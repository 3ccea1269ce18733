//! `/api/auth/…`: accounts and sessions.

pub mod login;
pub mod logout;
pub mod me;
pub mod signup;
mod token_response;
