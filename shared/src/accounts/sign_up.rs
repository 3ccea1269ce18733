use super::SessionTerms;
use crate::{
    App, Error,
    domain::{Email, NewPassword, PasswordAccount, Session, SessionId, User, UserId},
};

/// Who wants an account.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The address to sign in with.
    pub email: Email,
    /// The password to sign in with.
    pub password: NewPassword,
    /// What to call the user.
    pub name: String,
    /// A picture's URL.
    pub image: Option<String>,
}

/// Makes an account and signs it in: one hash, then one transaction.
///
/// # Errors
/// [`Error::EmailTaken`], or those of the store.
pub async fn sign_up(
    app: &App,
    registration: Registration,
    terms: &SessionTerms<'_>,
) -> Result<(User, Session), Error> {
    let password_hash = app.passwords.hash(registration.password.as_password()).await?;
    let now = app.clock.now();
    let user = User {
        id: UserId(app.random.uuid()?),
        email: registration.email.as_str().to_owned(),
        name: registration.name,
        image: registration.image,
        email_verified: false,
        is_active: true,
        session_epoch: 0,
        created_at: now,
        updated_at: now,
    };
    let session = terms.begin(SessionId(app.random.uuid()?), &user, now);
    let account = PasswordAccount { id: app.random.uuid()?, password_hash, updated_at: now };
    app.store.create_account(&user, &account, &session).await?;
    Ok((user, session))
}
