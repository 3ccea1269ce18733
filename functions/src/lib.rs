//! The endpoints: one file each, named after its path, and one binary each under `bin`.
//!
//! An endpoint reads top to bottom as its story: parse, who is calling, may they, do it, answer.

pub mod auth;
mod endpoint;
pub mod tasks;

pub use endpoint::{Endpoint, run};

/// Every endpoint, for what serves all of them in one process.
pub const ENDPOINTS: &[Endpoint] = &[
    auth::login::ENDPOINT,
    auth::logout::ENDPOINT,
    auth::me::ENDPOINT,
    auth::signup::ENDPOINT,
    tasks::complete::ENDPOINT,
    tasks::create::ENDPOINT,
    tasks::delete::ENDPOINT,
    tasks::get::ENDPOINT,
    tasks::list::ENDPOINT,
    tasks::update::ENDPOINT,
];
