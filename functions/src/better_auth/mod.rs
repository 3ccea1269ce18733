//! `/api/auth/…` as the official Better Auth client knows it.

pub mod account;
mod deletion_json;
pub mod email;
pub mod error;
pub mod ok;
pub mod recovery;
pub mod session;
mod status_json;
