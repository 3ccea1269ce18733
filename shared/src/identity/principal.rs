use crate::domain::{Session, SessionId, User, UserId};

/// Whose session a valid credential belongs to. The session may have ended since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
}

impl AsRef<Self> for Principal {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Principal {
    /// Notes in the log whose request it is.
    pub fn record(&self) {
        tracing::Span::current().record("user_id", tracing::field::display(self.user_id));
    }
}

impl Session {
    /// Whose session it is.
    pub fn principal(&self) -> Principal {
        Principal { user_id: self.user_id, session_id: self.id }
    }
}

/// A principal whose session is alive and whose account is active: what the store knows of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
}
