//! What an account goes through, from its sign-up to its deletion: sessions, passwords, addresses, and the letters about them.

mod begin_session;
mod change_email;
mod change_password;
mod current_session;
mod delete_account;
mod letters;
mod prepare_letter;
mod reset_password;
mod session_terms;
mod sign_in;
mod sign_up;
mod verify_email;

pub use begin_session::begin_session;
pub use change_email::{EmailChange, change_email};
pub use change_password::change_password;
pub use current_session::{CurrentSession, check_fresh, with_known_device, with_session};
pub use delete_account::{delete_account, may_delete, request_deletion};
pub use letters::reset_page;
pub use prepare_letter::{Preparation, prepare_letter};
pub use reset_password::{find_by_reset_token, request_password_reset, reset_password};
pub use session_terms::SessionTerms;
pub use sign_in::sign_in;
pub use sign_up::{Registration, SignUpOutcome, sign_up};
pub use verify_email::{
    Verification, VerificationRefused, request_own_verification, request_verification, verify_email,
};
