//! `Sessions`: who is signed in. Partition key `user_id`, sort key `session_id`; DynamoDB deletes rows some time after
//! `expires_at` (in seconds), so every reader compares `ends_at`. Nothing in a row signs anybody in.

use serde::{Deserialize, Serialize};

use super::Store;
use crate::{
    Error,
    domain::{Session, SessionId, Timestamp, UserId},
    dynamodb::{Attempts, Item, from_item, is_condition_failure, number, store_error, string, to_item},
    identity::Principal,
};

#[derive(Serialize, Deserialize)]
struct Row {
    user_id: UserId,
    session_id: SessionId,
    created_at: Timestamp,
    updated_at: Timestamp,
    ends_at: Timestamp,
    /// The same in seconds, which is what DynamoDB's time to live reads.
    expires_at: i64,
    remember: bool,
    epoch: u64,
    ip_address: String,
    user_agent: String,
}

/// What decides whether a session is alive, as a projection.
pub(super) const STATE: &str = "ends_at, epoch";

impl Store {
    /// Begins a session.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn create_session(&self, session: &Session) -> Result<(), Error> {
        let request =
            self.writer().await.put_item().table_name(&self.tables.sessions).set_item(Some(session_to_item(session)?));
        let (result, attempts) = Attempts::watch(request.send()).await;
        result.map_err(|error| attempts.error(error))?;
        Ok(())
    }

    /// Ends a session. Ending one that has ended already is fine.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn delete_session(&self, principal: &Principal) -> Result<(), Error> {
        let request =
            self.writer().await.delete_item().table_name(&self.tables.sessions).set_key(Some(session_key(principal)));
        let (result, attempts) = Attempts::watch(request.send()).await;
        result.map_err(|error| attempts.error(error))?;
        Ok(())
    }

    /// Moves the end of a session. It may be asked for again whatever has become of it.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if it has ended meanwhile, [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn extend_session(
        &self,
        principal: &Principal,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let result = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.sessions)
            .set_key(Some(session_key(principal)))
            .update_expression("SET expires_at = :expires_at, ends_at = :ends_at, updated_at = :now")
            .condition_expression("attribute_exists(session_id)")
            .expression_attribute_values(":expires_at", number(expires_at.seconds()))
            .expression_attribute_values(":ends_at", number(expires_at.millis()))
            .expression_attribute_values(":now", number(now.millis()))
            .send()
            .await;
        match result {
            Ok(_) => Ok(()),
            Err(error) if is_condition_failure(&error) => Err(Error::SessionEnded("the session has ended")),
            Err(error) => Err(store_error(error)),
        }
    }

    /// Deletes at most [`MAX_WRITES`](crate::dynamodb::MAX_WRITES) sessions.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`]; some may be deleted then.
    pub async fn delete_sessions(&self, sessions: impl Iterator<Item = Principal>) -> Result<(), Error> {
        let keys = sessions.map(|principal| session_key(&principal)).collect();
        self.dynamodb.delete(&self.tables.sessions, keys).await
    }

    /// The sessions of a user that have not expired, in no order.
    /// Which of them are revoked, the user's [`session_epoch`](crate::domain::User::session_epoch) says.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn sessions(&self, user_id: UserId, now: Timestamp) -> Result<Vec<Session>, Error> {
        let mut sessions = self.all_sessions(user_id, true).await?;
        sessions.retain(|session| session.expires_at > now);
        Ok(sessions)
    }

    /// The sessions of a user, those that have ended and are not deleted yet among them, in no order: one query that reads at most
    /// 1 MB, some thousands. Where it need not be `consistent`, it costs half as much and may not have those of the last moment.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn all_sessions(&self, user_id: UserId, consistent: bool) -> Result<Vec<Session>, Error> {
        let answer = self
            .client()
            .query()
            .table_name(&self.tables.sessions)
            .key_condition_expression("user_id = :user_id")
            .expression_attribute_values(":user_id", string(user_id))
            .consistent_read(consistent)
            .send()
            .await
            .map_err(store_error)?;
        answer.items.unwrap_or_default().into_iter().map(session_from_item).collect()
    }
}

pub(super) fn session_key(principal: &Principal) -> Item {
    Item::from([
        ("user_id".to_owned(), string(principal.user_id)),
        ("session_id".to_owned(), string(principal.session_id)),
    ])
}

pub(super) fn session_to_item(session: &Session) -> Result<Item, Error> {
    to_item(&Row {
        user_id: session.user_id,
        session_id: session.id,
        created_at: session.created_at,
        updated_at: session.updated_at,
        ends_at: session.expires_at,
        expires_at: session.expires_at.seconds(),
        remember: session.remember,
        epoch: session.epoch,
        ip_address: session.ip_address.clone(),
        user_agent: session.user_agent.clone(),
    })
}

pub(super) fn session_from_item(item: Item) -> Result<Session, Error> {
    let row: Row = from_item(item)?;
    Ok(Session {
        user_id: row.user_id,
        id: row.session_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
        expires_at: row.ends_at,
        remember: row.remember,
        epoch: row.epoch,
        ip_address: row.ip_address,
        user_agent: row.user_agent,
    })
}
