use super::letters;
use crate::{
    App, Error,
    domain::{Occasion, PasswordAccount, User},
    http::Request,
    identity::mail_token::{MailToken, Purpose},
    store::Change,
};

/// Asks for a link to delete the caller's account.
///
/// # Errors
/// Those of the store.
pub async fn request_deletion(
    app: &App,
    request: &Request,
    caller: (&User, &PasswordAccount),
    callback_url: &str,
) -> Result<(), Error> {
    let letter = letters::link(app, request, Occasion::DeleteAccount, caller, callback_url);
    app.store.post_letter(app.random.uuid()?, &letter).await
}

/// Whether a token from a mail is for deleting the caller's account as it is.
pub fn may_delete(app: &App, token: &str, (user, account): (&User, &PasswordAccount)) -> bool {
    let token = MailToken::read(&app.keys, token, &[Purpose::DeleteAccount], app.clock.now());
    token.is_ok_and(|token| letters::is_for(app, &token, user, account))
}

/// Deletes an account: from the answer on nobody is signed in and the address is free. What is left of it, the purge removes.
///
/// `false`: nothing was done, because the account is no longer as it was read.
///
/// # Errors
/// Those of the store.
pub async fn delete_account(app: &App, request: &Request, caller: (&User, &PasswordAccount)) -> Result<bool, Error> {
    let letter = letters::notice(app, request, Occasion::AccountDeleted, caller.0);
    let id = app.random.uuid()?;
    let letter = app.config.mails.security_notices.then_some((id, &letter));
    Ok(app.store.delete_account(caller, letter, app.clock.now()).await? == Change::Made)
}
