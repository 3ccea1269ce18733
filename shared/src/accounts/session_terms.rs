use crate::{
    domain::{Session, SessionId, Timestamp, User},
    http::Request,
};

/// How long a session lives, from its beginning or its last extension: 7 days, in seconds.
pub(super) const SESSION_SECONDS: i64 = 7 * 24 * 60 * 60;
/// How long one lives that is not to be remembered, and never extended: a day, in seconds.
const UNREMEMBERED_SECONDS: i64 = 24 * 60 * 60;

/// The most characters of a user agent that are kept.
const USER_AGENT_CHARS: usize = 512;

/// What a session begins with besides its user.
#[derive(Debug, Clone)]
pub struct SessionTerms<'a> {
    /// How long it lives, in seconds.
    seconds: i64,
    /// Whether it slides.
    remember: bool,
    /// What it begins with.
    pub(super) request: &'a Request,
}

impl<'a> SessionTerms<'a> {
    /// A session of a browser, which is to be remembered for 7 days or not.
    pub fn of_browser(request: &'a Request, remember: bool) -> Self {
        let seconds = if remember { SESSION_SECONDS } else { UNREMEMBERED_SECONDS };
        Self { seconds, remember, request }
    }

    /// A session that lives as long as its access token, `seconds`: it cannot be extended, because the token cannot.
    pub fn of_access_token(request: &'a Request, seconds: i64) -> Self {
        Self { seconds, remember: false, request }
    }

    /// A session of `user` that begins `now`, under the epoch of the read that `user` is from.
    pub fn begin(&self, id: SessionId, user: &User, now: Timestamp) -> Session {
        Session {
            user_id: user.id,
            id,
            created_at: now,
            updated_at: now,
            expires_at: now.plus_seconds(self.seconds),
            remember: self.remember,
            epoch: user.session_epoch,
            ip_address: self.request.source_ip.clone(),
            user_agent: self.request.user_agent().chars().take(USER_AGENT_CHARS).collect(),
        }
    }
}
