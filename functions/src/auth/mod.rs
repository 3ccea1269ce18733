//! `/api/auth/…` in the plain dialect: accounts and sessions.

pub mod login;
pub mod logout;
pub mod me;
pub mod signup;
mod token_response;
