//! Everything two endpoints have in common.
//!
//! The modules are layers: each uses only those above it in this list, and a test reads their imports and holds the order.

#![cfg_attr(test, allow(clippy::string_slice, reason = "a test that cuts inside a character has failed"))]

pub mod domain;

pub mod error;

pub mod clock;
pub mod config;
pub mod gate;
pub mod random;

pub mod http;

pub mod identity;

pub mod limits;
pub mod ownership;

pub mod transport;

pub mod dynamodb;

pub mod store;

pub mod mail;

pub mod app;

pub mod accounts;

pub mod telemetry;

pub use app::App;
pub use error::Error;
