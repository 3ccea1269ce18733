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

/// Asks for another address for a user. An address that somebody has (`is_taken`) gets no link, and the answer does not say so:
/// a letter to nobody costs what a letter costs.
///
/// # Errors
/// [`Error::Unavailable`] if the account has changed meanwhile, or those of the store.
pub async fn change_email(
    app: &App,
    request: &Request,
    caller: (&User, &PasswordAccount),
    (new_email, is_taken): (&Email, bool),
    callback_url: &str,
) -> Result<EmailChange, Error> {
    let mails = &app.config.mails;
    let user = caller.0;
    let letter = if is_taken {
        letters::to_nobody(app, request, new_email, callback_url)?
    } else if !user.email_verified && mails.change_unverified_email_at_once {
        return change_at_once(app, request, caller, new_email, callback_url).await;
    } else if user.email_verified && mails.confirm_change_email {
        letters::present_address(app, request, caller, new_email, callback_url)
    } else {
        letters::new_address(app, request, caller, new_email, callback_url)
    };
    app.store.post_letter(app.random.uuid()?, &letter).await?;
    Ok(EmailChange::Asked)
}

/// Changes an address that was not known to be the user's: the former one is told, and the new one gets a link to prove it.
async fn change_at_once(
    app: &App,
    request: &Request,
    (user, account): (&User, &PasswordAccount),
    new_email: &Email,
    callback_url: &str,
) -> Result<EmailChange, Error> {
    let mut posted = Vec::new();
    if app.config.mails.enabled {
        let changed = User { email: new_email.as_str().to_owned(), ..user.clone() };
        let caller = (&changed, account);
        let link = letters::link(app, request, Occasion::VerifyEmail, caller, callback_url);
        posted.push((app.random.uuid()?, letters::former_address(app, request, user, new_email)));
        posted.push((app.random.uuid()?, link));
    }
    match app.store.change_email((user, account), new_email, &posted, app.clock.now()).await? {
        Change::Made => Ok(EmailChange::Made),
        // Somebody has taken the address since it was looked at: as if they had before.
        Change::EmailTaken => Ok(EmailChange::Asked),
        Change::Outdated => Err(Error::unavailable("the account has changed meanwhile")),
    }
}
