//! `Credentials`: which user an email belongs to, and the password hash. Partition key `email`, which makes an address
//! unique, and one read by it begins a sign-in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Item, Store, failed, from_item, string, to_item};
use crate::{
    Error,
    domain::{Email, UserId},
};

/// What signing in by email and password needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The address, in lower case.
    pub email: String,
    /// The user it belongs to.
    pub user_id: UserId,
    /// The hash of the user's password, in PHC string format.
    pub password_hash: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl Store {
    /// The credential of an email.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn credential(&self, email: &Email) -> Result<Option<Credential>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.tables.credentials)
            .set_key(Some(credential_key(email.as_str())))
            .consistent_read(true)
            .send()
            .await
            .map_err(failed)?;
        answer.item.map(from_item).transpose()
    }
}

pub(super) fn credential_key(email: &str) -> Item {
    Item::from([("email".to_owned(), string(email))])
}

pub(super) fn credential_to_item(credential: &Credential) -> Result<Item, Error> {
    to_item(credential)
}
