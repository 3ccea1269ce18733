//! What links in mails lead to, each all or nothing, and each only while the account is as the link was made for.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{
    Store,
    credentials::{credential_key, credential_to_item},
    transactions::has_failed,
    users::user_key,
};
use crate::{
    Error,
    domain::{Email, EmailCredential, Letter, PasswordAccount, Timestamp, User},
    dynamodb::{Attempts, is_condition_failure, number, put_new, string, to_item, update},
};

/// What came of a change that a link asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was made.
    Made,
    /// The account is not as it was any more: somebody was faster, or it is gone.
    Outdated,
    /// The address belongs to another account.
    EmailTaken,
}

impl Store {
    /// Sets a new password for whoever has proven that the address is theirs. Every session ends, and every other link in a mail
    /// dies, because the password that it was made for is gone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn reset_password(
        &self,
        (user, account): (&User, &PasswordAccount),
        new_hash: &SecretString,
        (letter_id, letter): (Uuid, &Letter),
        now: Timestamp,
    ) -> Result<Change, Error> {
        let profile = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user.id)))
            .update_expression(
                "SET password_hash = :new, password_updated_at = :changed, email_verified = :true, updated_at = :now \
                 REMOVE is_contested ADD session_epoch :one",
            )
            // Not the hash: a sign-in may have stored the same password under another one.
            .condition_expression("password_updated_at = :old AND email = :email")
            .expression_attribute_values(":new", string(new_hash.expose_secret()))
            .expression_attribute_values(":old", number(account.updated_at.millis()))
            .expression_attribute_values(":changed", number(account.changed_at(now).millis()))
            .expression_attribute_values(":email", string(&user.email))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", number(now.millis()))
            .build()
            .map_err(Error::internal)?;
        let credential = Update::builder()
            .table_name(&self.tables.credentials)
            .set_key(Some(credential_key(&user.email)))
            .update_expression("SET password_hash = :new")
            .condition_expression("user_id = :user_id")
            .expression_attribute_values(":new", string(new_hash.expose_secret()))
            .expression_attribute_values(":user_id", string(user.id))
            .build()
            .map_err(Error::internal)?;
        let writes = vec![update(credential), update(profile), self.letter_write(letter_id, letter)?];
        let failures = self.dynamodb.transact(writes).await?;
        Ok(failures.map_or(Change::Made, |_| Change::Outdated))
    }

    /// Notes that somebody has signed up with the address of an account once more, and posts what its owner is told.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn contest_address(
        &self,
        credential: &EmailCredential,
        (letter_id, letter): (Uuid, &Letter),
    ) -> Result<Change, Error> {
        let profile = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(credential.user_id)))
            .update_expression("SET is_contested = :true")
            .condition_expression("email = :email")
            .expression_attribute_values(":email", string(&credential.email))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .build()
            .map_err(Error::internal)?;
        let failures = self.dynamodb.transact(vec![update(profile), self.letter_write(letter_id, letter)?]).await?;
        Ok(failures.map_or(Change::Made, |_| Change::Outdated))
    }

    /// Notes that an address is its user's, unless that is known already, or contested.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn verify_email(&self, user: &User, now: Timestamp) -> Result<Change, Error> {
        let request = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user.id)))
            .update_expression("SET email_verified = :true, updated_at = :now")
            .condition_expression("email = :email AND email_verified = :false AND attribute_not_exists(is_contested)")
            .expression_attribute_values(":email", string(&user.email))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":false", AttributeValue::Bool(false))
            .expression_attribute_values(":now", number(now.millis()));
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(_) => Ok(Change::Made),
            Err(error) if is_condition_failure(&error) => Ok(Change::Outdated),
            Err(error) => Err(attempts.error(error)),
        }
    }

    /// Gives a user another address, if it is free, and posts what is to be told of it. The hash moves with the address, so it has
    /// to be the one that was read.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn change_email(
        &self,
        (user, account): (&User, &PasswordAccount),
        new_email: &Email,
        letters: &[(Uuid, Letter)],
        now: Timestamp,
    ) -> Result<Change, Error> {
        let credential = EmailCredential {
            email: new_email.as_str().to_owned(),
            user_id: user.id,
            password_hash: account.password_hash.clone(),
        };
        let profile = Update::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user.id)))
            .update_expression("SET email = :new, updated_at = :now REMOVE is_contested")
            .condition_expression(
                "email = :old AND password_hash = :hash AND session_epoch = :epoch AND is_active = :true",
            )
            .expression_attribute_values(":new", string(new_email.as_str()))
            .expression_attribute_values(":old", string(&user.email))
            .expression_attribute_values(":hash", string(account.password_hash.expose_secret()))
            .expression_attribute_values(":epoch", number(user.session_epoch))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":now", number(now.millis()))
            .build()
            .map_err(Error::internal)?;
        let mut writes = vec![
            put_new(&self.tables.credentials, credential_to_item(&credential)?, "email")?,
            self.credential_removal(user)?,
            update(profile),
        ];
        for (id, letter) in letters {
            writes.push(self.letter_write(*id, letter)?);
        }
        match self.dynamodb.transact(writes).await? {
            None => Ok(Change::Made),
            // The user's own former row is no other account, but nobody changes an address to itself.
            Some(reasons) if has_failed(reasons.first()) => Ok(Change::EmailTaken),
            Some(_) => Ok(Change::Outdated),
        }
    }

    /// Deletes an account: from now on nobody is signed in and the address is free. What else there is of it is left to the
    /// purge, which this starts.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn delete_account(
        &self,
        (user, account): (&User, &PasswordAccount),
        letter: Option<(Uuid, &Letter)>,
        now: Timestamp,
    ) -> Result<Change, Error> {
        let profile = Delete::builder()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user.id)))
            .condition_expression("email = :email AND password_updated_at = :changed AND session_epoch = :epoch")
            .expression_attribute_values(":email", string(&user.email))
            .expression_attribute_values(":changed", number(account.updated_at.millis()))
            .expression_attribute_values(":epoch", number(user.session_epoch))
            .build()
            .map_err(Error::internal)?;
        let purge = Put::builder()
            .table_name(&self.tables.deletions)
            .set_item(Some(to_item(&super::deletions::Row::begin(user.id, now))?))
            .build()
            .map_err(Error::internal)?;
        let mut writes = vec![
            self.credential_removal(user)?,
            TransactWriteItem::builder().delete(profile).build(),
            TransactWriteItem::builder().put(purge).build(),
        ];
        if let Some((id, letter)) = letter {
            writes.push(self.letter_write(id, letter)?);
        }
        let failures = self.dynamodb.transact(writes).await?;
        Ok(failures.map_or(Change::Made, |_| Change::Outdated))
    }

    fn credential_removal(&self, user: &User) -> Result<TransactWriteItem, Error> {
        let removal = Delete::builder()
            .table_name(&self.tables.credentials)
            .set_key(Some(credential_key(&user.email)))
            .condition_expression("user_id = :user_id")
            .expression_attribute_values(":user_id", string(user.id))
            .build()
            .map_err(Error::internal)?;
        Ok(TransactWriteItem::builder().delete(removal).build())
    }
}
