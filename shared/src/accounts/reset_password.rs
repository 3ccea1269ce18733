use super::letters;
use crate::{
    App, Error,
    domain::{Email, NewPassword, Occasion, PasswordAccount, User},
    http::Request,
    identity::mail_token::{MailToken, MailTokenError, Purpose},
    store::Change,
};

/// Asks for a link to set a new password: one read, one write, whether or not the address has an account, and nothing waits for
/// the mail.
///
/// # Errors
/// Those of the store.
pub async fn request_password_reset(
    app: &App,
    request: &Request,
    email: &Email,
    callback_url: &str,
) -> Result<(), Error> {
    let credential = app.store.credential(email).await?;
    let letter =
        letters::by_address(app, request, Occasion::ResetPassword, (email, credential.as_ref()), callback_url)?;
    app.store.post_letter(app.random.uuid()?, &letter).await
}

/// Whose password a token may set. Nothing is used up.
///
/// # Errors
/// Those of the store.
pub async fn find_by_reset_token(
    app: &App,
    token: &str,
) -> Result<Result<(User, PasswordAccount), MailTokenError>, Error> {
    let token = match MailToken::read(&app.keys, token, &[Purpose::ResetPassword], app.clock.now()) {
        Ok(token) => token,
        Err(refused) => return Ok(Err(refused)),
    };
    let found = app.store.user_with_account(token.user_id).await?;
    Ok(found.filter(|(user, account)| letters::is_for(app, &token, user, account)).ok_or(MailTokenError::Invalid))
}

/// Sets a new password for whoever has the token from a mail: one read, one hash, one transaction. Every session ends, every
/// other link dies, the address counts as verified, and the owner is told.
///
/// # Errors
/// Those of the store.
pub async fn reset_password(
    app: &App,
    request: &Request,
    token: &str,
    new_password: &NewPassword,
) -> Result<Result<User, MailTokenError>, Error> {
    let (user, account) = match find_by_reset_token(app, token).await? {
        Ok(found) => found,
        Err(refused) => return Ok(Err(refused)),
    };
    let new_hash = app.passwords.hash(new_password.as_password()).await?;
    let letter = letters::notice(app, request, Occasion::PasswordReset, &user);
    let letter = (app.random.uuid()?, &letter);
    let changed = app.store.reset_password((&user, &account), &new_hash, letter, app.clock.now()).await?;
    Ok(if changed == Change::Made { Ok(user) } else { Err(MailTokenError::Invalid) })
}
