//! Accounts: what spans a credential, a profile and a session.

use aws_sdk_dynamodb::types::{CancellationReason, Put, TransactWriteItem};

use super::{
    Cancelled, Credential, Item, Store, cancelled, credentials::credential_to_item, sessions::session_to_item,
    users::user_to_item,
};
use crate::{
    Error,
    domain::{Session, User},
};

impl Store {
    /// Makes an account with its first session, all or nothing. The credential's key makes the email unique, however many
    /// try at once.
    ///
    /// # Errors
    /// [`Error::EmailTaken`], [`Error::Unavailable`] or [`Error::Internal`].
    pub async fn create_account(&self, user: &User, password_hash: &str, session: &Session) -> Result<(), Error> {
        let credential = Credential {
            email: user.email.clone(),
            user_id: user.id,
            password_hash: password_hash.to_owned(),
            created_at: user.created_at,
            updated_at: user.created_at,
        };
        let writes = vec![
            put_new(&self.tables.credentials, credential_to_item(&credential)?, "email")?,
            put_new(&self.tables.users, user_to_item(user)?, "user_id")?,
            put_new(&self.tables.sessions, session_to_item(session)?, "session_id")?,
        ];
        for attempt in 1.. {
            let result = self.client.transact_write_items().set_transact_items(Some(writes.clone())).send().await;
            match result.map_err(|error| cancelled(error, attempt)) {
                Ok(_) => break,
                Err(None) => {}
                Err(Some(Cancelled::Condition(reasons))) => return Err(taken(&reasons)),
                Err(Some(Cancelled::Failed(error))) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What was there already: reasons come in the order of the writes.
fn taken(reasons: &[CancellationReason]) -> Error {
    match reasons.first().and_then(CancellationReason::code) {
        Some("ConditionalCheckFailed") => Error::EmailTaken,
        _ => Error::unavailable("the id drawn for a new user or session is taken"),
    }
}

fn put_new(table: &str, item: Item, key: &str) -> Result<TransactWriteItem, Error> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression(format!("attribute_not_exists({key})"))
        .build()
        .map_err(Error::internal)?;
    Ok(TransactWriteItem::builder().put(put).build())
}
