//! Sessions: who is signed in, where, and until when.

pub mod get_session;
pub mod jwks;
pub mod list_sessions;
pub mod revoke_other_sessions;
pub mod revoke_session;
pub mod revoke_sessions;
mod session_json;
pub mod sign_out;
pub mod token;
pub mod update_session;
