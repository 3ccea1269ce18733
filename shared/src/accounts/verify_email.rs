use super::{CurrentSession, letters};
use crate::{
    App, Error,
    domain::{Email, Occasion, PasswordAccount, User},
    http::Request,
    identity::mail_token::{self, MailToken, MailTokenError, Purpose},
    store::Change,
};

/// How often following a link starts over because the account is changed at the same time.
const ATTEMPTS: u32 = 3;

/// What following a link in a mail about an address came to.
#[derive(Debug)]
pub enum Verification {
    /// The address was known to be the user's already. A link may be followed twice.
    AlreadyVerified,
    /// It is now.
    Verified(Box<User>),
    /// The present address has agreed, and a link went to the new one.
    ChangeConfirmed,
    /// The user has the new address.
    EmailChanged(Box<User>),
    /// Nothing was done, for this reason.
    Refused(VerificationRefused),
}

/// Why a link about an address does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationRefused {
    /// The token is none of ours, or the account is not as it was.
    InvalidToken,
    /// It has expired.
    TokenExpired,
    /// The account is gone.
    UserNotFound,
    /// Somebody else is signed in where the link was followed.
    InvalidUser,
}

impl From<MailTokenError> for VerificationRefused {
    fn from(refused: MailTokenError) -> Self {
        match refused {
            MailTokenError::Invalid => Self::InvalidToken,
            MailTokenError::Expired => Self::TokenExpired,
        }
    }
}

/// Asks for a link to prove an address, for somebody who is not signed in: one read, one write, whether or not there is
/// something to prove.
///
/// # Errors
/// Those of the store.
pub async fn request_verification(
    app: &App,
    request: &Request,
    email: &Email,
    callback_url: &str,
) -> Result<(), Error> {
    let credential = app.store.credential(email).await?;
    let letter = letters::by_address(app, request, Occasion::VerifyEmail, (email, credential.as_ref()), callback_url)?;
    app.store.post_letter(app.random.uuid()?, &letter).await
}

/// Asks for a link to prove the address of a user who is signed in.
///
/// # Errors
/// Those of the store.
pub async fn request_own_verification(
    app: &App,
    request: &Request,
    caller: (&User, &PasswordAccount),
    callback_url: &str,
) -> Result<(), Error> {
    let letter = letters::link(app, request, Occasion::VerifyEmail, caller, callback_url);
    app.store.post_letter(app.random.uuid()?, &letter).await
}

/// Follows a link about an address.
///
/// # Errors
/// Those of the store.
pub async fn verify_email(
    app: &App,
    request: &Request,
    token_text: &str,
    callback_url: &str,
) -> Result<Verification, Error> {
    let purposes = [Purpose::VerifyEmail, Purpose::ConfirmEmailChange, Purpose::VerifyEmailChange];
    let token = match MailToken::read(&app.keys, token_text, &purposes, app.clock.now()) {
        Ok(token) => token,
        Err(refused) => return Ok(Verification::Refused(refused.into())),
    };
    for _ in 0..ATTEMPTS {
        let Some((user, account)) = app.store.user_with_account(token.user_id).await? else {
            return Ok(Verification::Refused(VerificationRefused::UserNotFound));
        };
        let is_contested = token.purpose == Purpose::VerifyEmail && user.is_contested && !user.email_verified;
        if !user.is_active || is_contested || !letters::is_for(app, &token, &user, &account) {
            return Ok(Verification::Refused(VerificationRefused::InvalidToken));
        }
        let done = match (token.purpose, &token.new_email) {
            (Purpose::VerifyEmail, _) => verify(app, user).await?,
            (_, None) => return Ok(Verification::Refused(VerificationRefused::InvalidToken)),
            _ if is_somebody_else(app, request, &user).await? => {
                return Ok(Verification::Refused(VerificationRefused::InvalidUser));
            }
            (Purpose::ConfirmEmailChange, Some(new_email)) => {
                let letter = letters::new_address(app, request, (&user, &account), new_email, callback_url);
                // By the token's own id there is one letter, however often its link is followed: nobody floods the mailbox of
                // somebody else.
                app.store.post_letter(mail_token::id_of(token_text), &letter).await?;
                Some(Verification::ChangeConfirmed)
            }
            (_, Some(new_email)) => change(app, request, (user, account), new_email).await?,
        };
        if let Some(done) = done {
            return Ok(done);
        }
    }
    Err(Error::unavailable("the account was changed again and again while a link was followed"))
}

/// `None`: somebody was faster, or the user has another address since.
async fn verify(app: &App, mut user: User) -> Result<Option<Verification>, Error> {
    if user.email_verified {
        return Ok(Some(Verification::AlreadyVerified));
    }
    let now = app.clock.now();
    if app.store.verify_email(&user, now).await? != Change::Made {
        return Ok(None);
    }
    (user.email_verified, user.updated_at) = (true, now);
    Ok(Some(Verification::Verified(Box::new(user))))
}

/// `None`: the account has changed since it was read.
async fn change(
    app: &App,
    request: &Request,
    (mut user, account): (User, PasswordAccount),
    new_email: &Email,
) -> Result<Option<Verification>, Error> {
    let now = app.clock.now();
    let letter = (app.random.uuid()?, letters::former_address(app, request, &user, new_email));
    // Whose address it is meanwhile is a condition of the write, not a question before it.
    Ok(match app.store.change_email((&user, &account), new_email, &[letter], now).await? {
        Change::Made => {
            new_email.as_str().clone_into(&mut user.email);
            user.updated_at = now;
            Some(Verification::EmailChanged(Box::new(user)))
        }
        Change::EmailTaken => Some(Verification::Refused(VerificationRefused::InvalidToken)),
        Change::Outdated => None,
    })
}

/// Whether the browser that follows the link is signed in as another user.
async fn is_somebody_else(app: &App, request: &Request, user: &User) -> Result<bool, Error> {
    match CurrentSession::find(app, request).await {
        Ok(current) => Ok(current.user().id != user.id),
        Err(Error::NotAuthenticated(_) | Error::SessionEnded(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
