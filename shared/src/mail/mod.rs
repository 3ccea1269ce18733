//! Mails: what a letter says, in HTML and in plain text. The frames are the templates in `templates/mail`, the words are in
//! `words.rs`; a team replaces either. Nothing in a mail is loaded from anywhere.

mod link;
mod message;
mod words;

pub use link::{link, purpose_of};
pub use message::{Message, render};
