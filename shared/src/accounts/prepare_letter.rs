use super::letters;
use crate::{
    App, Error,
    domain::{Letter, Occasion},
    mail::{self, Message},
};

/// What becomes of a letter when it is about to be sent.
#[derive(Debug)]
pub enum Preparation {
    /// This goes out.
    Ready(Message),
    /// Nothing does, for this reason: what it was for has passed.
    Dropped(&'static str),
}

/// Makes the mail of a letter, if its purpose has not passed. A letter with a link takes one read: the link is for the account as
/// it was when the letter was asked for.
///
/// # Errors
/// Those of the store, and [`Error::Internal`] if a template cannot be rendered.
pub async fn prepare_letter(app: &App, mut letter: Letter) -> Result<Preparation, Error> {
    if letter.occasion == Occasion::Nobody {
        return Ok(Preparation::Dropped("nobody has the address"));
    }
    if letter.not_after <= app.clock.now() {
        return Ok(Preparation::Dropped("too late"));
    }
    if mail::purpose_of(letter.occasion).is_none() {
        return Ok(Preparation::Ready(mail::render(&letter, "")?));
    }
    let Some((user, account)) = app.store.user_with_account(letter.user_id).await? else {
        return Ok(Preparation::Dropped("the account is gone"));
    };
    if letter.occasion == Occasion::VerifyEmail && user.email_verified {
        return Ok(Preparation::Dropped("the address is verified already"));
    }
    if letter.occasion == Occasion::VerifyEmail && user.is_contested {
        letter = letters::instead_of_verification(letter);
    }
    let Some(token) = letters::token(app, &letter, (&user, &account)) else {
        return Ok(Preparation::Dropped("the account has changed"));
    };
    if letter.name.is_empty() && letter.to == user.email {
        letter.name = letters::name(&user);
    }
    Ok(Preparation::Ready(mail::render(&letter, &token)?))
}
