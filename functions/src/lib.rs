//! The endpoints: one file each, named after its path, and one binary each under `bin`. [`auth`] and [`tasks`] speak the plain
//! dialect, [`better_auth`] that of the Better Auth client, grouped as that client is.
//!
//! [`worker`] has what no request starts.
//!
//! An endpoint reads top to bottom as its story: parse, who is calling, may they, do it, answer.

pub mod api;
pub mod auth;
pub mod better_auth;
mod endpoint;
mod event;
pub mod fallback;
mod limiter;
pub mod openapi;
mod runtime;
pub mod tasks;
pub mod worker;

pub use endpoint::{Class, Endpoint, run};
pub use event::Event;

/// Lists the modules of endpoints.
macro_rules! routed {
    ($($($module:ident)::+,)+) => {
        /// Every endpoint with a route of its own.
        pub const ROUTED: &[Endpoint] = &[$($($module)::+::ENDPOINT),+];

        /// What the API's description says of each of them, in the same order. It is apart, so that no function's binary has it.
        const DESCRIPTIONS: &[openapi::Describe] = &[$($($module)::+::describe),+];
    };
}

routed! {
    api::docs,
    api::openapi,
    better_auth::account::change_password,
    better_auth::account::follow_deletion_link,
    better_auth::account::delete_user,
    better_auth::account::change_email,
    better_auth::error,
    better_auth::session::get_session,
    better_auth::session::jwks,
    better_auth::account::list_accounts,
    better_auth::session::list_sessions,
    auth::export,
    auth::forgot_password,
    auth::login,
    auth::logout,
    auth::me,
    better_auth::ok,
    better_auth::recovery::reset_password,
    better_auth::recovery::request_password_reset,
    better_auth::recovery::follow_reset_link,
    better_auth::session::revoke_other_sessions,
    better_auth::session::revoke_session,
    better_auth::session::revoke_sessions,
    better_auth::email::sign_in,
    better_auth::email::send_verification_email,
    better_auth::session::sign_out,
    better_auth::email::sign_up,
    better_auth::email::verify_email,
    auth::signup,
    auth::verify_email,
    better_auth::session::token,
    better_auth::session::update_session,
    better_auth::account::update_user,
    better_auth::account::verify_password,
    tasks::complete,
    tasks::create,
    tasks::delete,
    tasks::get,
    tasks::list,
    tasks::update,
}

/// The endpoints that look at no token and sign nothing: their functions are not given the secret.
pub const WITHOUT_SECRET: [&str; 5] = ["api-docs", "api-openapi", "auth-error", "auth-ok", "fallback"];

/// Every endpoint, for what serves all of them in one process.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    ROUTED.iter().chain(std::iter::once(&fallback::ENDPOINT))
}
