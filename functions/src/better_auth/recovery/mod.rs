//! A way back in for who forgot a password.

pub mod follow_reset_link;
pub mod request_password_reset;
pub mod reset_password;
