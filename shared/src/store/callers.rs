//! Who is calling: a session and its user, read together.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;

use super::{
    Item, Store, failed, from_item,
    sessions::{SessionState, session_from_item, session_key},
    users::{UserState, account_from_item, user_key},
};
use crate::{
    Error,
    domain::{PasswordAccount, Timestamp},
    identity::{Caller, Principal},
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
            .read([
                (&self.tables.sessions, session_key(principal), None),
                (&self.tables.users, user_key(principal.user_id), None),
            ])
            .await?;
        let session = rows.remove(&self.tables.sessions).map(session_from_item).transpose()?;
        let account = rows.remove(&self.tables.users).map(account_from_item).transpose()?;
        check_alive(session.as_ref().map(Into::into), account.as_ref().map(|(user, _)| user.into()), now)?;
        let (Some(session), Some((user, account))) = (session, account) else {
            return Err(Error::internal("nobody is alive without a session and a user"));
        };
        Ok((Caller { session, user }, account))
    }

    /// Whether the session of a principal is alive. It costs as much as [`Store::caller`], but only what decides is sent.
    ///
    /// # Errors
    /// As [`Store::caller`].
    pub async fn check_alive(&self, principal: &Principal, now: Timestamp) -> Result<(), Error> {
        let mut rows = self.read(self.states_of(principal)).await?;
        self.check_states(&mut rows, now)
    }

    /// The same, with an item of another table, if there is one, in the same round trip.
    ///
    /// # Errors
    /// As [`Store::caller`].
    pub(super) async fn item_while_alive(
        &self,
        principal: &Principal,
        now: Timestamp,
        table: &str,
        key: Item,
    ) -> Result<Option<Item>, Error> {
        let [session, user] = self.states_of(principal);
        let mut rows = self.read([session, user, (table, key, None)]).await?;
        self.check_states(&mut rows, now)?;
        Ok(rows.remove(table))
    }

    fn states_of(&self, principal: &Principal) -> [Read<'_>; 2] {
        [
            (&self.tables.sessions, session_key(principal), Some(SessionState::ATTRIBUTES)),
            (&self.tables.users, user_key(principal.user_id), Some(UserState::ATTRIBUTES)),
        ]
    }

    fn check_states(&self, rows: &mut HashMap<String, Item>, now: Timestamp) -> Result<(), Error> {
        let session = rows.remove(&self.tables.sessions).map(from_item).transpose()?;
        let user = rows.remove(&self.tables.users).map(from_item).transpose()?;
        check_alive(session, user, now)
    }

    /// Reads items of different tables, consistently: those that are there, by their table.
    async fn read<const N: usize>(&self, reads: [Read<'_>; N]) -> Result<HashMap<String, Item>, Error> {
        let mut request = self.client.batch_get_item();
        for (table, key, attributes) in reads {
            let read = KeysAndAttributes::builder()
                .keys(key)
                .consistent_read(true)
                .set_projection_expression(attributes.map(str::to_owned))
                .build()
                .map_err(Error::internal)?;
            request = request.request_items(table, read);
        }
        let answer = request.send().await.map_err(failed)?;
        if answer.unprocessed_keys.is_some_and(|keys| !keys.is_empty()) {
            return Err(Error::unavailable("DynamoDB left a part of a batch unread"));
        }
        let tables = answer.responses.unwrap_or_default().into_iter();
        Ok(tables.filter_map(|(table, items)| Some((table, items.into_iter().next()?))).collect())
    }
}

/// A table, a key in it, and which attributes are wanted, if not all.
type Read<'a> = (&'a str, Item, Option<&'static str>);

fn check_alive(session: Option<SessionState>, user: Option<UserState>, now: Timestamp) -> Result<(), Error> {
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
    Ok(())
}
