//! The endpoints: one file each, named after its path, and one binary each under `bin`. [`auth`] and [`tasks`] speak the plain
//! dialect, [`better_auth`] that of the Better Auth client, grouped as that client is.
//!
//! [`worker`] has what no request starts.
//!
//! An endpoint reads top to bottom as its story: parse, who is calling, may they, do it, answer.

pub mod auth;
pub mod better_auth;
mod endpoint;
mod event;
pub mod fallback;
mod runtime;
pub mod tasks;
pub mod worker;

pub use endpoint::{Class, Endpoint, run};
pub use event::Event;

/// Every endpoint with a route of its own.
pub const ROUTED: &[Endpoint] = &[
    better_auth::account::change_password::ENDPOINT,
    better_auth::account::follow_deletion_link::ENDPOINT,
    better_auth::account::delete_user::ENDPOINT,
    better_auth::account::change_email::ENDPOINT,
    better_auth::error::ENDPOINT,
    better_auth::session::get_session::ENDPOINT,
    better_auth::session::jwks::ENDPOINT,
    better_auth::account::list_accounts::ENDPOINT,
    better_auth::session::list_sessions::ENDPOINT,
    auth::export::ENDPOINT,
    auth::forgot_password::ENDPOINT,
    auth::login::ENDPOINT,
    auth::logout::ENDPOINT,
    auth::me::ENDPOINT,
    better_auth::ok::ENDPOINT,
    better_auth::recovery::reset_password::ENDPOINT,
    better_auth::recovery::request_password_reset::ENDPOINT,
    better_auth::recovery::follow_reset_link::ENDPOINT,
    better_auth::session::revoke_other_sessions::ENDPOINT,
    better_auth::session::revoke_session::ENDPOINT,
    better_auth::session::revoke_sessions::ENDPOINT,
    better_auth::email::sign_in::ENDPOINT,
    better_auth::email::send_verification_email::ENDPOINT,
    better_auth::session::sign_out::ENDPOINT,
    better_auth::email::sign_up::ENDPOINT,
    better_auth::email::verify_email::ENDPOINT,
    auth::signup::ENDPOINT,
    auth::verify_email::ENDPOINT,
    better_auth::session::token::ENDPOINT,
    better_auth::session::update_session::ENDPOINT,
    better_auth::account::update_user::ENDPOINT,
    better_auth::account::verify_password::ENDPOINT,
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
