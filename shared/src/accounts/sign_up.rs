use super::{SessionTerms, letters};
use crate::{
    App, Error,
    domain::{Email, EmailCredential, NewPassword, Occasion, PasswordAccount, Session, SessionId, User, UserId},
    http::Request,
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

/// What signing up came to.
#[derive(Debug)]
pub enum SignUpOutcome {
    /// There is an account, and its first session.
    SignedIn(Box<(User, Session)>),
    /// A link to prove the address is on its way, and signing in takes that. So it is said whether or not the address had an
    /// account before: this user may be made up.
    ToBeVerified(Box<User>),
}

/// Makes an account: one hash, then one transaction.
///
/// Where signing in takes a verified address, nobody is signed in, and an address that has an account is answered as one that
/// has none: its owner gets a letter instead, with a link that takes the account over. Until that link is used, none that was sent
/// for whoever came first verifies the address. What is asked of the store is as much either way.
///
/// # Errors
/// [`Error::EmailTaken`], or those of the store.
pub async fn sign_up(
    app: &App,
    registration: Registration,
    terms: &SessionTerms<'_>,
    callback_url: &str,
) -> Result<SignUpOutcome, Error> {
    let mails = &app.config.mails;
    let existing = if mails.require_verification { app.store.credential(&registration.email).await? } else { None };
    let password_hash = app.passwords.hash(registration.password.as_password()).await?;
    let now = app.clock.now();
    let user = User {
        id: UserId(app.random.uuid()?),
        email: registration.email.as_str().to_owned(),
        name: registration.name,
        image: registration.image,
        email_verified: false,
        is_contested: false,
        is_active: true,
        session_epoch: 0,
        created_at: now,
        updated_at: now,
    };
    if let Some(existing) = existing {
        contest(app, terms.request, &registration.email, &existing).await?;
        return Ok(SignUpOutcome::ToBeVerified(Box::new(user)));
    }
    let account = PasswordAccount { id: app.random.uuid()?, password_hash, updated_at: now };
    let session =
        if mails.require_verification { None } else { Some(terms.begin(SessionId(app.random.uuid()?), &user, now)) };
    let letter = if mails.verify_on_sign_up {
        let caller = (&user, &account);
        let letter = letters::link(app, terms.request, Occasion::VerifyEmail, caller, callback_url);
        Some((app.random.uuid()?, letter))
    } else {
        None
    };
    let letter = letter.as_ref().map(|(id, letter)| (*id, letter));
    match app.store.create_account(&user, &account, session.as_ref(), letter).await {
        // Somebody was faster.
        Err(Error::EmailTaken) if mails.require_verification => {
            if let Some(existing) = app.store.credential(&registration.email).await? {
                contest(app, terms.request, &registration.email, &existing).await?;
            }
        }
        result => result?,
    }
    Ok(match session {
        Some(session) => SignUpOutcome::SignedIn(Box::new((user, session))),
        None => SignUpOutcome::ToBeVerified(Box::new(user)),
    })
}

/// Tells the owner of an address that somebody has signed up with it once more, with a link that takes the account over.
async fn contest(app: &App, request: &Request, email: &Email, existing: &EmailCredential) -> Result<(), Error> {
    let letter = letters::sign_up_attempt(app, request, email, existing)?;
    // An account that is gone meanwhile leaves nobody to be told.
    app.store.contest_address(existing, (app.random.uuid()?, &letter)).await?;
    Ok(())
}
