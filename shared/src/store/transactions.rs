//! What spans tables, and so is written in transactions: an account is a credential, a profile and sessions.

use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, ConditionCheck, TransactWriteItem, Update};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{
    Store,
    credentials::{credential_key, credential_to_item},
    sessions::{session_key, session_to_item},
    users::{user_key, user_to_item},
};
use crate::{
    Error,
    domain::{EmailCredential, Letter, PasswordAccount, Session, Timestamp, User},
    dynamodb::{number, put_new, string, update},
    identity::Caller,
};

/// A change of password.
#[derive(Debug)]
pub struct PasswordChange<'a> {
    /// What the user signs in with as it was read.
    pub old: &'a PasswordAccount,
    /// The hash of the new password.
    pub new_hash: &'a SecretString,
    /// The caller's new session, where every other one ends.
    pub new_session: Option<&'a Session>,
    /// What the owner is told of it.
    pub letter: Option<(Uuid, &'a Letter)>,
}

impl Store {
    /// Makes an account, with its first session and a letter where there are any, all or nothing. The credential's key makes
    /// the email unique, however many try at once.
    ///
    /// # Errors
    /// [`Error::EmailTaken`], [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn create_account(
        &self,
        user: &User,
        account: &PasswordAccount,
        session: Option<&Session>,
        letter: Option<(Uuid, &Letter)>,
    ) -> Result<(), Error> {
        let credential = EmailCredential {
            email: user.email.clone(),
            user_id: user.id,
            password_hash: account.password_hash.clone(),
        };
        let mut writes = vec![
            put_new(&self.tables.credentials, credential_to_item(&credential)?, "email")?,
            put_new(&self.tables.users, user_to_item(user, account)?, "user_id")?,
        ];
        if let Some(session) = session {
            writes.push(put_new(&self.tables.sessions, session_to_item(session)?, "session_id")?);
        }
        if let Some((id, letter)) = letter {
            writes.push(self.letter_write(id, letter)?);
        }
        self.dynamodb.transact(writes).await?.map_or(Ok(()), |reasons| Err(sign_up_conflict(&reasons)))
    }

    /// Stores the same password under another hash, unless the password was changed meanwhile.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn replace_password_hash(
        &self,
        credential: &EmailCredential,
        password_hash: &SecretString,
    ) -> Result<(), Error> {
        let replace = |table: &str, key| {
            Update::builder()
                .table_name(table)
                .set_key(Some(key))
                .update_expression("SET password_hash = :new")
                .condition_expression("password_hash = :old")
                .expression_attribute_values(":new", string(password_hash.expose_secret()))
                .expression_attribute_values(":old", string(credential.password_hash.expose_secret()))
                .build()
                .map_err(Error::internal)
        };
        let writes = vec![
            update(replace(&self.tables.credentials, credential_key(&credential.email))?),
            update(replace(&self.tables.users, user_key(credential.user_id))?),
        ];
        self.dynamodb.transact(writes).await?;
        Ok(())
    }

    /// Changes the password. With a new session, every other one is revoked in the same transaction.
    ///
    /// `false`: nothing was changed, because the account or the calling session is no longer as it was read. The session may
    /// have ended, the account be disabled, or the password have another hash.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn change_password(
        &self,
        caller: &Caller,
        &PasswordChange { old, new_hash, new_session, letter }: &PasswordChange<'_>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let user = &caller.user;
        let set = "SET password_hash = :new, password_updated_at = :changed";
        let profile = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user.id)))
            .condition_expression("password_hash = :old AND session_epoch = :epoch AND is_active = :active")
            .expression_attribute_values(":new", string(new_hash.expose_secret()))
            .expression_attribute_values(":old", string(old.password_hash.expose_secret()))
            .expression_attribute_values(":epoch", number(user.session_epoch))
            .expression_attribute_values(":active", AttributeValue::Bool(true))
            .expression_attribute_values(":changed", number(old.changed_at(now).millis()));
        let profile = match new_session {
            None => profile.update_expression(set),
            Some(session) => profile
                .update_expression(format!("{set}, session_epoch = :next"))
                .expression_attribute_values(":next", number(session.epoch)),
        };
        let credential = Update::builder()
            .table_name(&self.tables.credentials)
            .set_key(Some(credential_key(&user.email)))
            .update_expression("SET password_hash = :new")
            .condition_expression("password_hash = :old")
            .expression_attribute_values(":new", string(new_hash.expose_secret()))
            .expression_attribute_values(":old", string(old.password_hash.expose_secret()))
            .build()
            .map_err(Error::internal)?;
        let session_is_there = ConditionCheck::builder()
            .table_name(&self.tables.sessions)
            .set_key(Some(session_key(&caller.session.principal())))
            .condition_expression("attribute_exists(session_id)")
            .build()
            .map_err(Error::internal)?;
        let mut writes = vec![
            update(credential),
            update(profile.build().map_err(Error::internal)?),
            TransactWriteItem::builder().condition_check(session_is_there).build(),
        ];
        if let Some(session) = new_session {
            writes.push(put_new(&self.tables.sessions, session_to_item(session)?, "session_id")?);
        }
        if let Some((id, letter)) = letter {
            writes.push(self.letter_write(id, letter)?);
        }
        Ok(self.dynamodb.transact(writes).await?.is_none())
    }

    /// Revokes every session of the caller but the one that is calling: the user's epoch is raised, and that session's
    /// with it.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if sessions were revoked meanwhile; [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn revoke_other_sessions(&self, caller: &Caller) -> Result<(), Error> {
        let epoch = caller.user.session_epoch;
        let raise = |table: &str, key, attribute: &str, condition: &str| {
            Update::builder()
                .table_name(table)
                .set_key(Some(key))
                .update_expression(format!("SET {attribute} = :next"))
                .condition_expression(condition)
                .expression_attribute_values(":epoch", number(epoch))
                .expression_attribute_values(":next", number(epoch.saturating_add(1)))
                .build()
                .map_err(Error::internal)
        };
        let writes = vec![
            update(raise(&self.tables.users, user_key(caller.user.id), "session_epoch", "session_epoch = :epoch")?),
            update(raise(&self.tables.sessions, session_key(&caller.session.principal()), "epoch", "epoch <= :epoch")?),
        ];
        let ended = |_| Err(Error::SessionEnded("the sessions were revoked meanwhile"));
        self.dynamodb.transact(writes).await?.map_or(Ok(()), ended)
    }
}

/// What was there already: reasons come in the order of the writes.
fn sign_up_conflict(reasons: &[CancellationReason]) -> Error {
    if has_failed(reasons.first()) {
        Error::EmailTaken
    } else {
        Error::unavailable("the id drawn for a new user or session is taken")
    }
}

pub(super) fn has_failed(reason: Option<&CancellationReason>) -> bool {
    reason.and_then(CancellationReason::code) == Some("ConditionalCheckFailed")
}
