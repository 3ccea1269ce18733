//! Everything two endpoints have in common.
//!
//! The modules stand in the order in which a request meets them: [`http`] reads it, [`identity`] says who is
//! calling, [`ownership`] whether the path is theirs, [`domain`] what the values mean, and [`store`] keeps them.
//! [`app`] holds what is built once per cold start. Dependencies point one way: `http` and `store` know `domain`,
//! `domain` knows neither.

#![cfg_attr(test, allow(clippy::string_slice, reason = "a test that cuts inside a character has failed"))]

pub mod app;
pub mod clock;
pub mod config;
pub mod cursor;
pub mod domain;
pub mod error;
pub mod http;
pub mod identity;
pub mod ownership;
pub mod random;
pub mod store;
pub mod telemetry;

pub use app::App;
pub use error::Error;
