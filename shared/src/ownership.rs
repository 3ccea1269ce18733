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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access_token::tests::PRINCIPAL;

    #[test]
    fn the_path_is_the_callers_in_any_case_and_nobody_elses() {
        let own = PRINCIPAL.user_id.to_string();
        for path in [own.clone(), own.to_uppercase()] {
            assert_eq!(Owner::of(PRINCIPAL, &path).unwrap().user_id(), PRINCIPAL.user_id);
        }
        let session = PRINCIPAL.session_id.to_string();
        for path in ["", " ", "*", &own[1..], &own.replace('-', ""), &format!("{own} "), &session] {
            assert!(matches!(Owner::of(PRINCIPAL, path), Err(Error::AccessDenied)), "{path:?}");
        }
    }

    #[test]
    fn what_is_alive_is_the_same_owner() {
        let owner = Owner::of(PRINCIPAL, &PRINCIPAL.user_id.to_string()).unwrap();
        assert_eq!(owner.as_ref(), &PRINCIPAL);
        let now = crate::domain::Timestamp::from_seconds(1);
        let session = crate::identity::SessionState { ends_at: now.plus_seconds(1), epoch: 0 };
        let user = crate::identity::UserState { is_active: true, session_epoch: 0 };
        let alive = Alive::check(owner, Some(&session), Some(&user), now).unwrap();
        assert_eq!(alive.user_id(), PRINCIPAL.user_id);
    }
}
