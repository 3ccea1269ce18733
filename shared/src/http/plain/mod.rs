//! The plain dialect: JSON objects in, problem details (RFC 9457) out.

mod body;
mod problem;

pub use body::Fields;
pub use problem::Problem;
pub(super) use problem::render;
