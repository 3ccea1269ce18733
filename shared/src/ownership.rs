//! Ownership as a type: whoever has an [`Owner`] has checked that the path is the caller's.
//!
//! Whatever is done to tasks takes an [`Owner`] or an [`Alive<Owner>`], and neither can be made without its check: the one
//! compares credential and path, the other is what the store gives back for an owner whose session is alive. Given an
//! [`Owner`], the store checks the session itself, because it reads something in the same request. An endpoint that
//! forgets a check does not compile.

use crate::{
    Error,
    domain::UserId,
    identity::{Alive, Principal},
};

/// The user in the path, who is the caller. Whether their session is alive is still open.
#[derive(Debug)]
pub struct Owner(Principal);

impl Owner {
    /// The caller, if the path's `user_id` is theirs. A UUID has no case (RFC 9562, section 4).
    ///
    /// # Errors
    /// [`Error::AccessDenied`] if it is not, whether or not it is anybody's.
    pub fn of(principal: Principal, user_id: &str) -> Result<Self, Error> {
        let is_caller = user_id.eq_ignore_ascii_case(&principal.user_id.to_string());
        if is_caller { Ok(Self(principal)) } else { Err(Error::AccessDenied) }
    }

    /// The user's id.
    pub fn user_id(&self) -> UserId {
        self.0.user_id
    }
}

impl AsRef<Principal> for Owner {
    fn as_ref(&self) -> &Principal {
        &self.0
    }
}

impl Alive<Owner> {
    /// The user's id.
    pub fn user_id(&self) -> UserId {
        self.get().user_id()
    }
}
