//! The endpoints: one file each, named after its path, and one binary each under `bin`.
//!
//! An endpoint reads top to bottom as its story: parse, who is calling, may they, do it, answer.

pub mod auth;
mod endpoint;
pub mod fallback;
pub mod tasks;

pub use endpoint::{Endpoint, run};

/// Every endpoint with a route of its own.
pub const ROUTED: &[Endpoint] = &[
    auth::change_password::ENDPOINT,
    auth::error::ENDPOINT,
    auth::get_session::ENDPOINT,
    auth::jwks::ENDPOINT,
    auth::list_accounts::ENDPOINT,
    auth::list_sessions::ENDPOINT,
    auth::login::ENDPOINT,
    auth::logout::ENDPOINT,
    auth::me::ENDPOINT,
    auth::ok::ENDPOINT,
    auth::revoke_other_sessions::ENDPOINT,
    auth::revoke_session::ENDPOINT,
    auth::revoke_sessions::ENDPOINT,
    auth::sign_in_email::ENDPOINT,
    auth::sign_out::ENDPOINT,
    auth::sign_up_email::ENDPOINT,
    auth::signup::ENDPOINT,
    auth::token::ENDPOINT,
    auth::update_user::ENDPOINT,
    auth::verify_password::ENDPOINT,
    tasks::complete::ENDPOINT,
    tasks::create::ENDPOINT,
    tasks::delete::ENDPOINT,
    tasks::get::ENDPOINT,
    tasks::list::ENDPOINT,
    tasks::update::ENDPOINT,
];

/// Every endpoint, for what serves all of them in one process.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    ROUTED.iter().chain(std::iter::once(&fallback::ENDPOINT))
}
