//! Sessions, as the Better Auth client knows them.

use serde::Serialize;
use shared::{
    App,
    domain::{Session, SessionId, Timestamp, UserId},
    identity::session_token,
};
use utoipa::ToSchema;

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BetterAuthSession)]
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
