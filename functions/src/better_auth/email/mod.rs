//! Signing up and in with an email and a password, and proving the address.

pub mod send_verification_email;
pub mod sign_in;
pub mod sign_up;
pub mod verify_email;
