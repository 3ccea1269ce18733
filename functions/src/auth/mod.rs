//! `/api/auth/…`: accounts and sessions, in both dialects.

pub mod change_password;
pub mod error;
pub mod get_session;
mod json;
pub mod jwks;
pub mod list_accounts;
pub mod list_sessions;
pub mod login;
pub mod logout;
pub mod me;
pub mod ok;
pub mod revoke_other_sessions;
pub mod revoke_session;
pub mod revoke_sessions;
pub mod sign_in_email;
pub mod sign_out;
pub mod sign_up_email;
pub mod signup;
pub mod token;
mod token_response;
pub mod update_user;
pub mod verify_password;
