use super::session_terms::SESSION_SECONDS;
use crate::{
    App, Error,
    domain::{PasswordAccount, Session, SessionId, Timestamp, User},
    http::{Request, Response, cookies::SessionCookie},
    identity::{Caller, Credential, Principal, device_token, session_token},
    telemetry,
};

/// How long after its last extension a session is extended again: a day, in seconds.
const EXTEND_AFTER_SECONDS: i64 = 24 * 60 * 60;
/// How long after signing in a session is fresh: a day, in seconds.
const FRESH_SECONDS: i64 = 24 * 60 * 60;

/// A session as the Better Auth client knows it: found by bearer or cookie, sliding, and given back with the answer.
#[derive(Debug)]
pub struct CurrentSession {
    /// Who is calling.
    pub caller: Caller,
    /// Whether the session was extended, so that the browser has to hear of it.
    extended: bool,
}

impl CurrentSession {
    /// Who is calling.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] without a credential, [`Error::SessionEnded`] with one whose session has ended, or
    /// those of the store.
    pub async fn find(app: &App, request: &Request) -> Result<Self, Error> {
        Self::find_with_account(app, request).await.map(|(session, _)| session)
    }

    /// Who is calling, with what they sign in with.
    ///
    /// # Errors
    /// As [`CurrentSession::find`].
    pub async fn find_with_account(app: &App, request: &Request) -> Result<(Self, PasswordAccount), Error> {
        let credential = app.credential(request);
        let principal = principal_of(&credential)?;
        let found = app.store.caller_with_account(&principal, app.clock.now()).await;
        let (caller, account) = found.map_err(|error| ended(error, &credential))?;
        Ok((Self { caller, extended: false }, account))
    }

    /// Who is calling; the session is extended if that is due, at most once a day.
    ///
    /// # Errors
    /// As [`CurrentSession::find`].
    pub async fn find_and_extend(app: &App, request: &Request) -> Result<Self, Error> {
        let mut current = Self::find(app, request).await?;
        let now = app.clock.now();
        let principal = current.id();
        let session = &mut current.caller.session;
        if is_extension_due(session, now) {
            let expires_at = now.plus_seconds(SESSION_SECONDS);
            match app.store.extend_session(&principal, expires_at, now).await {
                Ok(()) => {
                    session.expires_at = expires_at;
                    session.updated_at = now;
                    current.extended = true;
                }
                Err(ended @ Error::SessionEnded(_)) => return Err(ended),
                // The session is as good without, and the next request tries again.
                Err(error) => telemetry::log_postponed("extending a session", &error),
            }
        }
        Ok(current)
    }

    /// The user.
    pub fn user(&self) -> &User {
        &self.caller.user
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.caller.session
    }

    /// Whose session it is.
    pub fn id(&self) -> Principal {
        self.caller.session.principal()
    }

    /// Refuses a session that began too long ago.
    ///
    /// # Errors
    /// [`Error::SessionNotFresh`].
    pub fn check_fresh(&self, now: Timestamp) -> Result<(), Error> {
        check_fresh(self.session(), now)
    }

    /// The answer, with the session's cookie if the session was extended.
    pub fn answer(&self, app: &App, request: &Request, response: Response) -> Response {
        let email = &self.user().email;
        if self.extended { with_session(app, request, email, self.session(), response) } else { response }
    }
}

/// The answer, with a session's token in a cookie and a header, for the account of this address.
pub fn with_session(app: &App, request: &Request, email: &str, session: &Session, response: Response) -> Response {
    let token = session_token::issue(&app.keys, &session.principal());
    let cookie = SessionCookie::Set { token: &token, remember: session.remember };
    with_known_device(app, request, email, session.id, response.with_session_cookie(cookie, request))
}

/// The answer, with a cookie by which this device keeps its own count of tries at the password of the account of this address.
/// A device that is known already stays the one that it is; a new one is called by `id`.
pub fn with_known_device(app: &App, request: &Request, email: &str, id: SessionId, response: Response) -> Response {
    if !app.config.limits.enabled {
        return response;
    }
    let device = device_token::known_device(&app.keys, request, email, app.clock.now()).unwrap_or(id);
    match device_token::issue(&app.keys, device, email) {
        Ok(token) => response.with_known_device(&token, request),
        // What the request asked for is done, and is not said to have failed for a cookie that nobody asked for.
        Err(_) => response,
    }
}

fn principal_of(credential: &Credential) -> Result<Principal, Error> {
    let principal = credential.better_auth()?;
    principal.record();
    Ok(principal)
}

/// A session that came as a JSON Web Token has no cookie that would have to be taken back.
fn ended(error: Error, credential: &Credential) -> Error {
    match error {
        Error::SessionEnded(reason) if credential.is_jwt() => Error::NotAuthenticated(reason),
        Error::UserNotFound => Error::SessionEnded("the account is gone"),
        error => error,
    }
}

fn is_extension_due(session: &Session, now: Timestamp) -> bool {
    session.remember && session.expires_at.plus_seconds(EXTEND_AFTER_SECONDS - SESSION_SECONDS) <= now
}

/// Refuses a session that began a day ago or longer.
///
/// # Errors
/// [`Error::SessionNotFresh`].
pub fn check_fresh(session: &Session, now: Timestamp) -> Result<(), Error> {
    let is_fresh = now < session.created_at.plus_seconds(FRESH_SECONDS);
    if is_fresh { Ok(()) } else { Err(Error::SessionNotFresh) }
}
