use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Email, Timestamp, User, UserId};

/// A user, as the Better Auth client knows them: in answers and in tokens.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BetterAuthUser)]
pub struct UserJson<'a> {
    id: UserId,
    name: &'a str,
    #[schema(value_type = Email)]
    email: &'a str,
    email_verified: bool,
    #[schema(required)]
    image: Option<&'a str>,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    updated_at: Timestamp,
}

impl<'a> From<&'a User> for UserJson<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: user.id,
            name: &user.name,
            email: &user.email,
            email_verified: user.email_verified,
            image: user.image.as_deref(),
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}
