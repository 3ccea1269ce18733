use super::{SessionId, Timestamp, User, UserId};

/// One signed-in browser or program of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose session it is.
    pub user_id: UserId,
    /// Its id.
    pub id: SessionId,
    /// When the user signed in. It never moves, so it tells how fresh the session is.
    pub created_at: Timestamp,
    /// When the session was last extended.
    pub updated_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it slides: `false` for a session that was to end with the browser.
    pub remember: bool,
    /// The user's [`session_epoch`](super::User::session_epoch) at sign-in: an older one means revoked.
    pub epoch: u64,
    /// Where the user signed in from, as the gateway saw it; empty when unknown.
    pub ip_address: String,
    /// What the user signed in with; empty when unknown.
    pub user_agent: String,
}

impl Session {
    /// The most sessions of one user: for another, the oldest makes room.
    pub const MAX_PER_USER: usize = 100;

    /// Whether all sessions of its user have been revoked since it began.
    pub fn is_revoked(&self, user: &User) -> bool {
        self.epoch < user.session_epoch
    }
}
