//! Users and sessions, as the Better Auth client knows them.

use serde::Serialize;
use shared::{
    App,
    domain::{Session, SessionId, Timestamp, User, UserId},
    identity::session_token,
};

/// The most characters of a name. It is in tokens, which are in headers, which have to stay small.
pub(super) const NAME_CHARS: usize = 100;
/// The most characters of a picture's URL, for the same reason.
pub(super) const IMAGE_CHARS: usize = 2000;

/// A user.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserJson<'a> {
    id: UserId,
    name: &'a str,
    email: &'a str,
    email_verified: bool,
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

/// A session.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionJson<'a> {
    id: SessionId,
    token: String,
    user_id: UserId,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    expires_at: Timestamp,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    updated_at: Timestamp,
    ip_address: &'a str,
    user_agent: &'a str,
}

impl<'a> SessionJson<'a> {
    /// A session with its token, which is computed: no table has it.
    pub(super) fn of(app: &App, session: &'a Session) -> Self {
        Self {
            id: session.id,
            token: session_token::issue(&app.keys, &session.principal()),
            user_id: session.user_id,
            expires_at: session.expires_at,
            created_at: session.created_at,
            updated_at: session.updated_at,
            ip_address: &session.ip_address,
            user_agent: &session.user_agent,
        }
    }
}
