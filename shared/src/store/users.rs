//! `Users`: a profile per user. Partition key `user_id`.

use serde::{Deserialize, Serialize};

use super::{Item, Store, failed, from_item, string, to_item};
use crate::{
    Error,
    domain::{Timestamp, User, UserId},
};

#[derive(Serialize, Deserialize)]
struct Row {
    user_id: UserId,
    email: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    email_verified: bool,
    is_active: bool,
    session_epoch: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Store {
    /// A user's profile.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn user(&self, user_id: UserId) -> Result<Option<User>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.tables.users)
            .set_key(Some(user_key(user_id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(failed)?;
        answer.item.map(user_from_item).transpose()
    }
}

pub(super) fn user_key(user_id: UserId) -> Item {
    Item::from([("user_id".to_owned(), string(user_id))])
}

pub(super) fn user_to_item(user: &User) -> Result<Item, Error> {
    to_item(&Row {
        user_id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        image: user.image.clone(),
        email_verified: user.email_verified,
        is_active: user.is_active,
        session_epoch: user.session_epoch,
        created_at: user.created_at,
        updated_at: user.updated_at,
    })
}

pub(super) fn user_from_item(item: Item) -> Result<User, Error> {
    let row: Row = from_item(item)?;
    Ok(User {
        id: row.user_id,
        email: row.email,
        name: row.name,
        image: row.image,
        email_verified: row.email_verified,
        is_active: row.is_active,
        session_epoch: row.session_epoch,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
