use super::{SessionTerms, password_hash::Verdict};
use crate::{
    App, Error,
    domain::{Email, Password, Session, SessionId, User, UserId},
};

/// Signs a user in: one read finds the hash, the profile is read while the password is compared, one write begins the
/// session.
///
/// What is wrong stays unsaid, also by the time it takes: without an account, as much is hashed.
///
/// # Errors
/// [`Error::InvalidCredentials`], [`Error::AccountDisabled`] (to those who know the password), or those of the store.
pub async fn sign_in(
    app: &App,
    email: &Email,
    password: &Password,
    terms: SessionTerms<'_>,
) -> Result<(User, Session), Error> {
    let credential = app.store.credential(email).await?;
    let stored_hash = credential.as_ref().map(|credential| credential.password_hash.as_str());
    // Without an account, the profile of nobody is read all the same: the work does not tell the two apart.
    let user_id = match &credential {
        Some(credential) => credential.user_id,
        None => UserId(app.random.uuid()?),
    };
    let (verdict, user) = tokio::join!(app.passwords.verify(password, stored_hash), app.store.user(user_id));
    let rehashed = match verdict? {
        Verdict::Wrong => return Err(Error::InvalidCredentials),
        Verdict::Right => None,
        Verdict::RightAndRehashed(hash) => Some(hash),
    };
    let (Some(user), Some(credential)) = (user?, credential) else {
        return Err(Error::InvalidCredentials);
    };
    if !user.is_active {
        return Err(Error::AccountDisabled);
    }
    let session = terms.begin(SessionId(app.random.uuid()?), &user, app.clock.now());
    let rehash = async {
        match &rehashed {
            Some(hash) => app.store.replace_password_hash(&credential, hash).await,
            None => Ok(()),
        }
    };
    tokio::try_join!(app.store.create_session(&session), rehash)?;
    Ok((user, session))
}
