use serde::Deserialize;

use crate::{
    Error,
    domain::{Session, Timestamp, User},
};

/// Somebody whose session is alive and whose account is active. The store's check hands it out, and nothing else makes one.
#[derive(Debug)]
pub struct Alive<T>(T);

impl<T> Alive<T> {
    /// Compares what the store has of a session and its user with the time.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] or [`Error::UserNotFound`].
    pub(crate) fn check(
        who: T,
        session: Option<&SessionState>,
        user: Option<&UserState>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let session = session
            .filter(|session| session.ends_at > now)
            .ok_or(Error::SessionEnded("the session is not there or has expired"))?;
        let user = user.ok_or(Error::UserNotFound)?;
        if !user.is_active {
            return Err(Error::SessionEnded("the account is disabled"));
        }
        if session.epoch < user.session_epoch {
            return Err(Error::SessionEnded("the session is revoked"));
        }
        Ok(Self(who))
    }

    /// Who it is.
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// What decides, with [`UserState`], whether a session is alive.
#[derive(Debug, Deserialize)]
pub struct SessionState {
    pub(crate) ends_at: Timestamp,
    pub(crate) epoch: u64,
}

/// What decides, with [`SessionState`], whether a session is alive.
#[derive(Debug, Deserialize)]
pub struct UserState {
    pub(crate) is_active: bool,
    pub(crate) session_epoch: u64,
}

impl From<&Session> for SessionState {
    fn from(session: &Session) -> Self {
        Self { ends_at: session.expires_at, epoch: session.epoch }
    }
}

impl From<&User> for UserState {
    fn from(user: &User) -> Self {
        Self { is_active: user.is_active, session_epoch: user.session_epoch }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn check(session: Option<(i64, u64)>, user: Option<(bool, u64)>) -> Result<(), Error> {
        let session = session.map(|(seconds, epoch)| SessionState { ends_at: NOW.plus_seconds(seconds), epoch });
        let user = user.map(|(is_active, session_epoch)| UserState { is_active, session_epoch });
        Alive::check((), session.as_ref(), user.as_ref(), NOW).map(|alive| *alive.get())
    }

    #[test]
    fn a_session_is_alive_until_its_end_and_while_its_epoch_is_not_behind() {
        for (session, user) in [((1, 0), (true, 0)), ((1, 3), (true, 3)), ((1, 4), (true, 3))] {
            assert!(check(Some(session), Some(user)).is_ok(), "{session:?} {user:?}");
        }
        for (session, user) in [((0, 0), (true, 0)), ((-1, 0), (true, 0)), ((1, 2), (true, 3)), ((1, 0), (false, 0))] {
            assert!(matches!(check(Some(session), Some(user)), Err(Error::SessionEnded(_))), "{session:?} {user:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_alive() {
        assert!(matches!(check(None, Some((true, 0))), Err(Error::SessionEnded(_))));
        assert!(matches!(check(Some((1, 0)), None), Err(Error::UserNotFound)));
    }
}
