//! The API about itself: its description, and a page to try it with.

pub mod docs;
pub mod openapi;
