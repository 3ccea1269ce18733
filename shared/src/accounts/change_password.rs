use super::{CurrentSession, SessionTerms};
use crate::{
    App, Error,
    domain::{NewPassword, Password, PasswordAccount, Session, SessionId},
    identity::password_hash::Verdict,
};

/// Changes the password of somebody who knows the current one: one hash compares, one is made, one transaction writes.
///
/// With `terms`, every session ends in the same transaction and the caller gets a new one under them: whoever knew the old
/// token knows nothing more.
///
/// # Errors
/// [`Error::InvalidPassword`], [`Error::SessionEnded`] if the session ended meanwhile, or those of the store.
pub async fn change_password(
    app: &App,
    (current, account): (&CurrentSession, &PasswordAccount),
    current_password: &Password,
    new_password: &NewPassword,
    terms: Option<&SessionTerms<'_>>,
) -> Result<Option<Session>, Error> {
    if let Verdict::Wrong = app.passwords.verify(current_password, Some(&account.password_hash)).await? {
        return Err(Error::InvalidPassword);
    }
    let new_hash = app.passwords.hash(new_password.as_password()).await?;
    let now = app.clock.now();
    let new_session = match terms {
        None => None,
        Some(terms) => {
            let mut session = terms.begin(SessionId(app.random.uuid()?), current.user(), now);
            session.epoch = session.epoch.saturating_add(1);
            Some(session)
        }
    };
    app.store.change_password(&current.caller, account, &new_hash, new_session.as_ref(), now).await?;
    Ok(new_session)
}
