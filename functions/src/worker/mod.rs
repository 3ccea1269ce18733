//! Functions that no request starts: records of a table's stream come in, and nothing goes out but which of them have to come
//! again.

pub mod mail;
pub mod purge;
mod ses;
mod stream;

pub use stream::{Record, StreamAnswer, StreamEvent, StreamWorker};
