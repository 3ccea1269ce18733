//! Sessions as the Better Auth client knows them: found by bearer or cookie, sliding, and given back with the answer.

use lambda_http::http::header;
use percent_encoding::percent_decode_str;

use super::{Caller, Principal, SessionTerms, access_token, bearer, session_token};
use crate::{
    App, Error,
    domain::{PasswordAccount, Session, Timestamp, User},
    http::{Request, Response, cookies},
    telemetry,
};

/// How long a session lives, from its beginning or its last extension: 7 days, in seconds.
const SESSION_SECONDS: i64 = 7 * 24 * 60 * 60;
/// How long one lives that is not to be remembered, and never extended: a day, in seconds.
const UNREMEMBERED_SECONDS: i64 = 24 * 60 * 60;
/// How long after its last extension a session is extended again: a day, in seconds.
const EXTEND_AFTER_SECONDS: i64 = 24 * 60 * 60;
/// How long after signing in a session is fresh: a day, in seconds.
const FRESH_SECONDS: i64 = 24 * 60 * 60;

/// A caller who is signed in, with what the answer has to tell their browser.
#[derive(Debug)]
pub struct BrowserSession {
    /// Who it is.
    pub caller: Caller,
    /// Whether the session was extended, so that the browser has to hear of it.
    extended: bool,
}

/// What came with a request to say who is calling.
enum Presented {
    Nothing,
    /// A token of ours.
    Session(Principal),
    /// A JSON Web Token of ours.
    Jwt(Principal),
    /// A bearer token that is none of ours. It counts as one whose session has ended.
    Unknown,
}

impl BrowserSession {
    /// What a new session begins with.
    pub fn terms(request: &Request, remember: bool) -> SessionTerms<'_> {
        SessionTerms {
            seconds: if remember { SESSION_SECONDS } else { UNREMEMBERED_SECONDS },
            remember,
            ip_address: &request.source_ip,
            user_agent: request.user_agent(),
        }
    }

    /// Who is calling; the session is extended if that is due.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] without a credential, [`Error::SessionEnded`] with one whose session has ended, or
    /// those of the store.
    pub async fn require(app: &App, request: &Request) -> Result<Self, Error> {
        Self::find(app, request, true).await
    }

    /// Who is calling, with what they sign in with. Nothing is extended: who is here changes more than that.
    ///
    /// # Errors
    /// As [`BrowserSession::require`].
    pub async fn require_with_account(app: &App, request: &Request) -> Result<(Self, PasswordAccount), Error> {
        let (principal, is_jwt) = Self::principal(app, request)?;
        let found = app.store.caller_with_account(&principal, app.clock.now()).await;
        let (caller, account) = found.map_err(|error| ended(error, is_jwt))?;
        Ok((Self { caller, extended: false }, account))
    }

    /// Who is calling, and `extend` says whether to extend the session if that is due.
    ///
    /// # Errors
    /// As [`BrowserSession::require`].
    pub async fn find(app: &App, request: &Request, extend: bool) -> Result<Self, Error> {
        let (principal, is_jwt) = Self::principal(app, request)?;
        let now = app.clock.now();
        let found = app.store.caller(&principal, now).await;
        let mut caller = found.map_err(|error| ended(error, is_jwt))?;
        let extended = extend && is_extension_due(&caller.session, now);
        if extended {
            let session = &mut caller.session;
            session.expires_at = now.plus_seconds(SESSION_SECONDS);
            session.updated_at = now;
            app.store.extend_session(&principal, session.expires_at, now).await?;
        }
        Ok(Self { caller, extended })
    }

    /// Whose session the credential of a request belongs to, without any I/O; `None` if it has none of ours.
    pub fn presented(app: &App, request: &Request) -> Option<Principal> {
        match present(app, request) {
            Presented::Session(principal) | Presented::Jwt(principal) => Some(principal),
            Presented::Nothing | Presented::Unknown => None,
        }
    }

    fn principal(app: &App, request: &Request) -> Result<(Principal, bool), Error> {
        let (principal, is_jwt) = match present(app, request) {
            Presented::Nothing => return Err(Error::NotAuthenticated("no credential")),
            Presented::Unknown => return Err(Error::SessionEnded("the bearer token is none of ours")),
            Presented::Session(principal) => (principal, false),
            Presented::Jwt(principal) => (principal, true),
        };
        telemetry::record_principal(&principal);
        Ok((principal, is_jwt))
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
        let fresh = now < self.caller.session.created_at.plus_seconds(FRESH_SECONDS);
        fresh.then_some(()).ok_or(Error::SessionNotFresh)
    }

    /// The answer, with the session's cookie if the session was extended.
    pub fn answer(&self, app: &App, request: &Request, response: Response) -> Response {
        if self.extended { hand_over(app, request, &self.caller.session, response) } else { response }
    }
}

/// The answer, with a session's token in a cookie and a header.
pub fn hand_over(app: &App, request: &Request, session: &Session, response: Response) -> Response {
    let token = session_token::issue(&app.keys, &session.principal());
    cookies::set_session(response, &request.own_origin, &token, session.remember)
}

/// A session that came as a JSON Web Token has no cookie that would have to be taken back.
fn ended(error: Error, is_jwt: bool) -> Error {
    match error {
        Error::SessionEnded(reason) if is_jwt => Error::NotAuthenticated(reason),
        Error::UserNotFound => Error::SessionEnded("the account is gone"),
        error => error,
    }
}

fn is_extension_due(session: &Session, now: Timestamp) -> bool {
    session.remember && session.expires_at.plus_seconds(EXTEND_AFTER_SECONDS - SESSION_SECONDS) <= now
}

fn present(app: &App, request: &Request) -> Presented {
    match request.header(header::AUTHORIZATION).and_then(bearer).filter(|token| !token.is_empty()) {
        // What has dots is signed: if it is not by us, it is somebody else's business, and the cookie counts.
        Some(token) if token.contains('.') => {
            match access_token::verify(&app.keys, token, &request.own_origin, app.clock.now()) {
                Ok(principal) => Presented::Jwt(principal),
                Err(_) => present_cookie(app, request),
            }
        }
        Some(token) => {
            let token = percent_decode_str(token).decode_utf8_lossy();
            session_token::verify(&app.keys, &token).map_or(Presented::Unknown, Presented::Session)
        }
        None => present_cookie(app, request),
    }
}

fn present_cookie(app: &App, request: &Request) -> Presented {
    let cookie = request.cookie(&cookies::session_cookie_name(&request.own_origin));
    match cookie.map(|token| session_token::verify(&app.keys, &token)) {
        Some(Ok(principal)) => Presented::Session(principal),
        Some(Err(_)) | None => Presented::Nothing,
    }
}
