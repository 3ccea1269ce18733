//! `Credentials`: which user an email belongs to, and the password hash. Partition key `email`, which makes an address
//! unique, and one read by it begins a sign-in.

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::Store;
use crate::{
    Error,
    domain::{Email, EmailCredential, UserId},
    dynamodb::{Item, from_item, store_error, string, to_item},
};

#[derive(Serialize, Deserialize)]
struct Row {
    email: String,
    user_id: UserId,
    password_hash: String,
}

impl Store {
    /// The credential of an email.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn credential(&self, email: &Email) -> Result<Option<EmailCredential>, Error> {
        self.credential_of(email.as_str()).await
    }

    pub(super) async fn credential_of(&self, email: &str) -> Result<Option<EmailCredential>, Error> {
        let answer = self
            .client()
            .get_item()
            .table_name(&self.tables.credentials)
            .set_key(Some(credential_key(email)))
            .consistent_read(true)
            .send()
            .await
            .map_err(store_error)?;
        let row: Option<Row> = answer.item.map(from_item).transpose()?;
        Ok(row.map(|row| EmailCredential {
            email: row.email,
            user_id: row.user_id,
            password_hash: row.password_hash.into(),
        }))
    }
}

pub(super) fn credential_key(email: &str) -> Item {
    Item::from([("email".to_owned(), string(email))])
}

pub(super) fn credential_to_item(credential: &EmailCredential) -> Result<Item, Error> {
    to_item(&Row {
        email: credential.email.clone(),
        user_id: credential.user_id,
        password_hash: credential.password_hash.expose_secret().to_owned(),
    })
}
