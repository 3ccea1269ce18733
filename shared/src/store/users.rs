//! `Users`: a profile per user. Partition key `user_id`.

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Store;
use crate::{
    Error,
    domain::{PasswordAccount, Timestamp, User, UserId},
    dynamodb::{Attempts, Item, from_item, is_condition_failure, number, store_error, string, to_item},
};

#[derive(Serialize, Deserialize)]
struct Row {
    user_id: UserId,
    email: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    email_verified: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_contested: bool,
    is_active: bool,
    session_epoch: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// The account that signs in with a password, whose hash `Credentials` has too: there a sign-in finds it by the email,
    /// here those who are signed in have it with the one read that says who they are.
    account_id: Uuid,
    password_hash: String,
    password_updated_at: Timestamp,
}

/// What decides whether a session is alive, as a projection.
pub(super) const STATE: &str = "is_active, session_epoch";

impl Store {
    /// A user's profile, with what they sign in with.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn user_with_account(&self, user_id: UserId) -> Result<Option<(User, PasswordAccount)>, Error> {
        let answer = self
            .client()
            .get_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user_id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(store_error)?;
        answer.item.map(account_from_item).transpose()
    }

    /// Changes a user's name, picture or both; `Some(None)` takes the picture away.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the account is gone meanwhile, [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn update_user(
        &self,
        user_id: UserId,
        name: Option<&str>,
        image: Option<Option<&str>>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut set = "SET updated_at = :now".to_owned();
        let mut request = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user_id)))
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_values(":now", number(now.millis()));
        if let Some(name) = name {
            // `name` is one of DynamoDB's reserved words.
            set.push_str(", #name = :name");
            request =
                request.expression_attribute_names("#name", "name").expression_attribute_values(":name", string(name));
        }
        match image {
            None => {}
            Some(Some(image)) => {
                set.push_str(", image = :image");
                request = request.expression_attribute_values(":image", string(image));
            }
            Some(None) => set.push_str(" REMOVE image"),
        }
        let (result, attempts) = Attempts::watch(request.update_expression(set).send()).await;
        match result {
            Ok(_) => Ok(()),
            Err(error) if is_condition_failure(&error) => Err(Error::SessionEnded("the account is gone")),
            Err(error) => Err(attempts.error(error)),
        }
    }

    /// Revokes every session of a user that has begun until now, in one write.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the account is gone meanwhile, [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`].
    pub async fn revoke_sessions(&self, user_id: UserId) -> Result<(), Error> {
        let request = self
            .writer()
            .await
            .update_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user_id)))
            .update_expression("ADD session_epoch :one")
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_values(":one", number(1));
        let (result, attempts) = Attempts::watch(request.send()).await;
        match result {
            Ok(_) => Ok(()),
            Err(error) if is_condition_failure(&error) => Err(Error::SessionEnded("the account is gone")),
            Err(error) => Err(attempts.error(error)),
        }
    }
}

pub(super) fn user_key(user_id: UserId) -> Item {
    Item::from([("user_id".to_owned(), string(user_id))])
}

pub(super) fn user_to_item(user: &User, account: &PasswordAccount) -> Result<Item, Error> {
    to_item(&Row {
        user_id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        image: user.image.clone(),
        email_verified: user.email_verified,
        is_contested: user.is_contested,
        is_active: user.is_active,
        session_epoch: user.session_epoch,
        created_at: user.created_at,
        updated_at: user.updated_at,
        account_id: account.id,
        password_hash: account.password_hash.expose_secret().to_owned(),
        password_updated_at: account.updated_at,
    })
}

pub(super) fn account_from_item(item: Item) -> Result<(User, PasswordAccount), Error> {
    let row: Row = from_item(item)?;
    let user = User {
        id: row.user_id,
        email: row.email,
        name: row.name,
        image: row.image,
        email_verified: row.email_verified,
        is_contested: row.is_contested,
        is_active: row.is_active,
        session_epoch: row.session_epoch,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    let account = PasswordAccount {
        id: row.account_id,
        password_hash: row.password_hash.into(),
        updated_at: row.password_updated_at,
    };
    Ok((user, account))
}
