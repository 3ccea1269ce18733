//! Mails: what a letter says, in HTML and in plain text, and what hands it over. The frames are the templates in `templates/mail`, the words are in
//! `words.rs`; a team replaces either. Nothing in a mail is loaded from anywhere.

mod device;
mod link;
mod mailer;
mod message;
mod words;

pub use device::device;
pub use link::{link, purpose_of};
pub use mailer::{Mailer, SendError};
pub use message::{Message, render};
