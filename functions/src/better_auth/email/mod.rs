//! Signing up and in with an email and a password.

pub mod sign_in;
pub mod sign_up;
