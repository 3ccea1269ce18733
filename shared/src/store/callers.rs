//! Who is calling: a session and its user, read together.

use std::collections::HashMap;

use super::{
    Store,
    sessions::{self, session_from_item, session_key},
    users::{self, account_from_item, user_key},
};
use crate::{
    Error,
    domain::{PasswordAccount, Timestamp},
    dynamodb::{Item, Read, from_item},
    identity::{Alive, Caller, Principal, SessionState, UserState},
};

impl Store {
    /// The session and the user of a principal, in one round trip of two consistent reads.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the session is not there, has expired or is revoked, or the account is disabled;
    /// [`Error::UserNotFound`] if the account is gone; [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn caller(&self, principal: &Principal, now: Timestamp) -> Result<Caller, Error> {
        self.caller_with_account(principal, now).await.map(|(caller, _)| caller)
    }

    /// The same, with what the user signs in with.
    ///
    /// # Errors
    /// As [`Store::caller`].
    pub async fn caller_with_account(
        &self,
        principal: &Principal,
        now: Timestamp,
    ) -> Result<(Caller, PasswordAccount), Error> {
        let mut rows = self
            .dynamodb
            .read([
                Read { table: &self.tables.sessions, key: session_key(principal), attributes: None },
                Read { table: &self.tables.users, key: user_key(principal.user_id), attributes: None },
            ])
            .await?;
        let session = rows.remove(&self.tables.sessions).map(session_from_item).transpose()?;
        let account = rows.remove(&self.tables.users).map(account_from_item).transpose()?;
        let state = (session.as_ref().map(SessionState::from), account.as_ref().map(|(user, _)| UserState::from(user)));
        Alive::check(principal, state.0.as_ref(), state.1.as_ref(), now)?;
        let (Some(session), Some((user, account))) = (session, account) else {
            return Err(Error::internal("nobody is alive without a session and a user"));
        };
        Ok((Caller { session, user }, account))
    }

    /// Whether the session of a principal is alive. It costs as much as [`Store::caller`], but only what decides is sent.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the session is not there, has expired or is revoked, or the account is disabled or gone;
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn check_alive<T: AsRef<Principal>>(&self, who: T, now: Timestamp) -> Result<Alive<T>, Error> {
        let mut rows = self.dynamodb.read(self.states_of(who.as_ref())).await?;
        self.check_states(who, &mut rows, now)
    }

    /// The same, with an item of each of other tables, of those that are there, in the same round trip.
    ///
    /// # Errors
    /// As [`Store::check_alive`].
    pub(super) async fn read_while_alive<'a, T: AsRef<Principal>>(
        &'a self,
        who: T,
        now: Timestamp,
        reads: impl IntoIterator<Item = Read<'a>>,
    ) -> Result<(Alive<T>, HashMap<String, Item>), Error> {
        let mut rows = self.dynamodb.read(self.states_of(who.as_ref()).into_iter().chain(reads)).await?;
        let who = self.check_states(who, &mut rows, now)?;
        Ok((who, rows))
    }

    fn states_of(&self, principal: &Principal) -> [Read<'_>; 2] {
        [
            Read { table: &self.tables.sessions, key: session_key(principal), attributes: Some(sessions::STATE) },
            Read { table: &self.tables.users, key: user_key(principal.user_id), attributes: Some(users::STATE) },
        ]
    }

    fn check_states<T>(&self, who: T, rows: &mut HashMap<String, Item>, now: Timestamp) -> Result<Alive<T>, Error> {
        let session: Option<SessionState> = rows.remove(&self.tables.sessions).map(from_item).transpose()?;
        let user: Option<UserState> = rows.remove(&self.tables.users).map(from_item).transpose()?;
        Alive::check(who, session.as_ref(), user.as_ref(), now).map_err(|error| match error {
            Error::UserNotFound => Error::SessionEnded("the account is gone"),
            error => error,
        })
    }
}
