use secrecy::ExposeSecret as _;

use super::{SessionTerms, begin_session::begin, letters};
use crate::{
    App, Error,
    domain::{Email, Occasion, Password, Session, SessionId, User, UserId},
    identity::password_hash::Verdict,
    telemetry,
};

/// How often a sign-in starts over because the password is being changed while it is compared.
const ATTEMPTS: u32 = 3;

/// Signs a user in: one read finds the hash, the profile is read while the password is compared, one write begins the
/// session.
///
/// What is wrong stays unsaid, also by the time it takes: without an account, as much is hashed.
///
/// The session's epoch is from the read of the profile, which shows the password's hash too. Where that is not the hash that
/// was compared, the password was changed in between, and the sign-in starts over: so a session that was begun with a password
/// never outlives that password's end.
///
/// Where an address has to be verified first, the mail that says so leads on to `callback_url`.
///
/// # Errors
/// [`Error::InvalidCredentials`], [`Error::AccountDisabled`] and [`Error::EmailNotVerified`] (to those who know the password),
/// or those of the store.
pub async fn sign_in(
    app: &App,
    email: &Email,
    password: &Password,
    terms: &SessionTerms<'_>,
    callback_url: &str,
) -> Result<(User, Session), Error> {
    for _ in 0..ATTEMPTS {
        if let Some(signed_in) = sign_in_once(app, email, password, terms, callback_url).await? {
            return Ok(signed_in);
        }
    }
    Err(Error::unavailable("the password was changed again and again while it was compared"))
}

/// `None`: the password was changed while it was compared.
async fn sign_in_once(
    app: &App,
    email: &Email,
    password: &Password,
    terms: &SessionTerms<'_>,
    callback_url: &str,
) -> Result<Option<(User, Session)>, Error> {
    let credential = app.store.credential(email).await?;
    let stored_hash = credential.as_ref().map(|credential| &credential.password_hash);
    // Without an account, the profile of nobody is read all the same: the work does not tell the two apart.
    let user_id = match &credential {
        Some(credential) => credential.user_id,
        None => UserId(app.random.uuid()?),
    };
    let (verdict, user) =
        tokio::join!(app.passwords.verify(password, stored_hash), app.store.user_with_account(user_id));
    let verdict = verdict?;
    let (Some((user, account)), Some(credential)) = (user?, credential) else {
        return Err(Error::InvalidCredentials);
    };
    if account.password_hash.expose_secret() != credential.password_hash.expose_secret() {
        return Ok(None);
    }
    let rehashed = match verdict {
        Verdict::Wrong => return Err(Error::InvalidCredentials),
        Verdict::Right => None,
        Verdict::RightAndRehashed(hash) => Some(hash),
    };
    if !user.is_active {
        return Err(Error::AccountDisabled);
    }
    let mails = &app.config.mails;
    if mails.require_verification && !user.email_verified {
        if mails.verify_on_sign_in {
            let letter = letters::by_address(
                app,
                terms.request,
                Occasion::VerifyEmail,
                (email, Some(&credential)),
                callback_url,
            )?;
            app.store.post_letter(app.random.uuid()?, &letter).await?;
        }
        return Err(Error::EmailNotVerified);
    }
    let session = terms.begin(SessionId(app.random.uuid()?), &user, app.clock.now());
    let rehash = async {
        if let Some(hash) = &rehashed
            && let Err(error) = app.store.replace_password_hash(&credential, hash).await
        {
            // The next sign-in does it.
            telemetry::log_postponed("another hash of a password", &error);
        }
    };
    let (others, ()) = tokio::join!(begin(app, &user, &session), rehash);
    let others = others?;
    // The session is begun: what the owner is told beside it takes that back no more.
    if mails.security_notices
        && let Err(error) = tell_of_new_device(app, &user, &others, &session, terms).await
    {
        telemetry::log_postponed("new device", &error);
    }
    Ok(Some((user, session)))
}

/// Tells the owner of a sign-in with a program that none of their sessions was begun with. The first sign-in of all is no news.
async fn tell_of_new_device(
    app: &App,
    user: &User,
    others: &[Session],
    session: &Session,
    terms: &SessionTerms<'_>,
) -> Result<(), Error> {
    let now = app.clock.now();
    let mut is_new = false;
    for other in others.iter().filter(|other| other.expires_at > now) {
        if other.user_agent == session.user_agent {
            return Ok(());
        }
        is_new = true;
    }
    if !is_new {
        return Ok(());
    }
    let letter = letters::notice(app, terms.request, Occasion::NewDevice, user);
    app.store.post_letter(app.random.uuid()?, &letter).await
}
