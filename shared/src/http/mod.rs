//! HTTP: requests in, answers out, and how an error reads.

pub mod cookies;
mod fields;
pub mod origin;
mod problem;
mod query;
mod request;
mod response;

pub use fields::Fields;
pub use query::Query;
pub use request::{MAX_BODY_BYTES, Request};
pub use response::{Response, json};

use crate::Error;

/// Which of the two protocols a route speaks; it decides how an error reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 9457 problem details.
    Plain,
}

impl Dialect {
    /// The answer to a request that failed.
    pub fn render(self, error: &Error, request_id: &str) -> Response {
        match self {
            Self::Plain => problem::render(error, request_id),
        }
    }
}
