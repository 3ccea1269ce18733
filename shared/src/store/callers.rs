//! Who is calling: a session and its user, read together.

use aws_sdk_dynamodb::types::KeysAndAttributes;

use super::{
    Item, Store, failed,
    sessions::{session_from_item, session_key},
    users::{account_from_item, user_key},
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
        let answer = self
            .client
            .batch_get_item()
            .request_items(&self.tables.sessions, one(session_key(principal))?)
            .request_items(&self.tables.users, one(user_key(principal.user_id))?)
            .send()
            .await
            .map_err(failed)?;
        if answer.unprocessed_keys.is_some_and(|keys| !keys.is_empty()) {
            return Err(Error::unavailable("DynamoDB left a part of a batch unread"));
        }
        let mut rows = answer.responses.unwrap_or_default();
        let mut first = |table: &str| rows.remove(table).and_then(|items| items.into_iter().next());

        let session = first(&self.tables.sessions).map(session_from_item).transpose()?;
        let session = session
            .filter(|session| session.expires_at > now)
            .ok_or(Error::SessionEnded("the session is not there or has expired"))?;
        let (user, account) =
            first(&self.tables.users).map(account_from_item).transpose()?.ok_or(Error::UserNotFound)?;
        if !user.is_active {
            return Err(Error::SessionEnded("the account is disabled"));
        }
        if session.epoch < user.session_epoch {
            return Err(Error::SessionEnded("the session is revoked"));
        }
        Ok((Caller { session, user }, account))
    }
}

fn one(key: Item) -> Result<KeysAndAttributes, Error> {
    KeysAndAttributes::builder().keys(key).consistent_read(true).build().map_err(Error::internal)
}
