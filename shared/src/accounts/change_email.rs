use super::letters;
use crate::{
    App, Error,
    domain::{Email, Occasion, PasswordAccount, User},
    http::Request,
    store::Change,
};

/// What asking for another address came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailChange {
    /// A link is on its way: to the present address, which has to agree, or to the new one.
    Asked,
    /// It was changed at once: the address before was not known to be the user's, and the configuration allows it.
    Made,
}

/// Asks for another address for a user. An address that somebody has gets no link, and the answer does not say so: a letter to
/// nobody costs what a letter costs.
///
/// # Errors
/// [`Error::SessionEnded`] if the account has changed meanwhile, or those of the store.
pub async fn change_email(
    app: &App,
    request: &Request,
    (user, account): (&User, &PasswordAccount),
    new_email: &Email,
    callback_url: &str,
) -> Result<EmailChange, Error> {
    let mails = &app.config.mails;
    let is_taken = app.store.credential(new_email).await?.is_some();
    if is_taken {
        let letter = letters::to_nobody(app, request, new_email, callback_url)?;
        app.store.post_letter(letters::id(app)?, &letter).await?;
        return Ok(EmailChange::Asked);
    }
    if !user.email_verified && mails.change_unverified_email_at_once {
        let mut letter = letters::notice(app, request, Occasion::EmailChangeNotice, user);
        new_email.as_str().clone_into(&mut letter.new_email);
        let letter = (letters::id(app)?, &letter);
        return match app.store.change_email((user, account), new_email, letter, app.clock.now()).await? {
            Change::Made => Ok(EmailChange::Made),
            // Somebody has taken the address since it was looked at: as if they had before.
            Change::EmailTaken => Ok(EmailChange::Asked),
            Change::Outdated => Err(Error::SessionEnded("the account has changed meanwhile")),
        };
    }
    let letter = if user.email_verified && mails.confirm_change_email {
        letters::present_address(app, request, (user, account), new_email, callback_url)
    } else {
        letters::new_address(app, request, (user, account), new_email, callback_url)
    };
    app.store.post_letter(letters::id(app)?, &letter).await?;
    Ok(EmailChange::Asked)
}
