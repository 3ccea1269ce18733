use super::{CurrentSession, SessionTerms, letters};
use crate::{
    App, Error,
    domain::{NewPassword, Occasion, Password, PasswordAccount, Session, SessionId},
    http::Request,
    identity::password_hash::Verdict,
    store::PasswordChange,
};

/// How often a change starts over because the account or its sessions are changed at the same time.
const ATTEMPTS: u32 = 3;

/// Changes the password of somebody who knows the current one: one hash compares, one is made, one transaction writes.
///
/// With `terms`, every session ends in the same transaction and the caller gets a new one under them: whoever knew the old
/// token knows nothing more.
///
/// Where the transaction finds something else than was read, the change starts over: only what is read again tells a session
/// that has ended from one that has ended others, and another password from another hash of the same.
///
/// # Errors
/// [`Error::InvalidPassword`], those of [`CurrentSession::find_with_account`] if the session ended meanwhile, or those of the
/// store.
pub async fn change_password(
    app: &App,
    request: &Request,
    (current, mut account): (&mut CurrentSession, PasswordAccount),
    current_password: &Password,
    new_password: &NewPassword,
    terms: Option<&SessionTerms<'_>>,
) -> Result<Option<Session>, Error> {
    let mut hashed = None;
    for _ in 0..ATTEMPTS {
        if let Verdict::Wrong = app.passwords.verify(current_password, Some(&account.password_hash)).await? {
            return Err(Error::InvalidPassword);
        }
        let new_hash = match hashed.take() {
            Some(hash) => hash,
            None => app.passwords.hash(new_password.as_password()).await?,
        };
        let now = app.clock.now();
        let new_session = match terms {
            None => None,
            Some(terms) => {
                let mut session = terms.begin(SessionId(app.random.uuid()?), current.user(), now);
                session.epoch = session.epoch.saturating_add(1);
                Some(session)
            }
        };
        let letter = letters::notice(app, request, Occasion::PasswordChanged, current.user());
        let id = app.random.uuid()?;
        let change = PasswordChange {
            old: &account,
            new_hash: &new_hash,
            new_session: new_session.as_ref(),
            letter: app.config.mails.security_notices.then_some((id, &letter)),
        };
        if app.store.change_password(&current.caller, &change, now).await? {
            return Ok(new_session);
        }
        hashed = Some(new_hash);
        (*current, account) = CurrentSession::find_with_account(app, request).await?;
    }
    Err(Error::unavailable("the account was changed again and again while its password was compared"))
}
