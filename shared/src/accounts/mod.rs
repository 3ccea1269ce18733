//! What an account goes through: sign-up, sign-in, being signed in, a change of password.

mod change_password;
mod current_session;
mod session_terms;
mod sign_in;
mod sign_up;

pub use change_password::change_password;
pub use current_session::{CurrentSession, with_session};
pub use session_terms::SessionTerms;
pub use sign_in::sign_in;
pub use sign_up::{Registration, sign_up};
