use lambda_http::http::header;

use crate::{
    App, Error,
    domain::{Email, EmailCredential, Letter, Occasion, PasswordAccount, Timestamp, User, UserId},
    http::{Request, better_auth::is_trusted_redirect, origin::origin_of_url},
    identity::mail_token::{MailToken, Purpose, State},
    mail,
};

/// The path of the page that sets a new password.
const RESET_PAGE: &str = "/reset-password";

/// How long a notice is worth sending, in seconds: a day.
const NOTICE_SECONDS: i64 = 24 * 60 * 60;

/// The parts of an account's state that a token in a mail is for. Every such token dies with the address; those that change more
/// than what the address proves die with the password, and but for the one that sets another, with the sessions too. A password
/// is told by when it was changed: a sign-in may store the same one under another hash.
fn state_parts(purpose: Purpose, user: &User, account: &PasswordAccount) -> Vec<String> {
    let mut parts = vec![user.email.clone()];
    if purpose != Purpose::VerifyEmail {
        parts.push(account.updated_at.millis().to_string());
    }
    if !matches!(purpose, Purpose::VerifyEmail | Purpose::ResetPassword) {
        parts.push(user.session_epoch.to_string());
    }
    parts
}

/// Whether a token is for the account as it is.
pub(super) fn is_for(app: &App, token: &MailToken, user: &User, account: &PasswordAccount) -> bool {
    token.user_id == user.id && token.is_for_state(&app.keys, &state_parts(token.purpose, user, account))
}

/// The token of a letter that is about to be sent, under the current key, if the account is still as it was when the letter was
/// asked for. The state in the letter may be under the key before: it is worked out again.
pub(super) fn token(app: &App, letter: &Letter, (user, account): (&User, &PasswordAccount)) -> Option<String> {
    let purpose = mail::purpose_of(letter.occasion)?;
    let token = MailToken {
        purpose,
        user_id: letter.user_id,
        expires_at: letter.not_after,
        state: State::from_text(&letter.state)?,
        new_email: Email::parse(&letter.new_email).ok(),
    };
    let is_as_it_was = if purpose == Purpose::ResetPassword {
        // Of who asked for it, the address alone was known.
        token.is_for_state(&app.keys, &[&user.email]) && account.updated_at <= letter.created_at
    } else {
        token.is_for_state(&app.keys, &state_parts(purpose, user, account))
    };
    let state = State::of(&app.keys.current, &state_parts(purpose, user, account));
    is_as_it_was.then(|| MailToken { state, ..token }.issue(&app.keys))
}

/// A letter with a link, to somebody whose account is known.
pub(super) fn link(
    app: &App,
    request: &Request,
    occasion: Occasion,
    (user, account): (&User, &PasswordAccount),
    callback_url: &str,
) -> Letter {
    let state = mail::purpose_of(occasion)
        .map(|purpose| State::of(&app.keys.current, &state_parts(purpose, user, account)).to_text());
    Letter {
        name: name(user),
        callback_url: callback_url.to_owned(),
        state: state.unwrap_or_default(),
        ..blank(app, request, occasion, user.id, &user.email)
    }
}

/// A letter with a link, asked for by somebody of whom nothing is known but the address, and of that the credential was read: to
/// nobody where there is none. What else decides whether it goes out, the worker finds when it reads the account.
pub(super) fn by_address(
    app: &App,
    request: &Request,
    occasion: Occasion,
    (email, credential): (&Email, Option<&EmailCredential>),
    callback_url: &str,
) -> Result<Letter, Error> {
    let Some(credential) = credential else { return to_nobody(app, request, email, callback_url) };
    Ok(Letter {
        callback_url: callback_url.to_owned(),
        state: State::of(&app.keys.current, &[email.as_str()]).to_text(),
        ..blank(app, request, occasion, credential.user_id, email.as_str())
    })
}

/// A letter to somebody whose address was used to sign up again, with a link to set a new password: whoever has the mailbox has
/// the account.
pub(super) fn sign_up_attempt(
    app: &App,
    request: &Request,
    email: &Email,
    credential: &EmailCredential,
) -> Result<Letter, Error> {
    let page = reset_page(app, request);
    by_address(app, request, Occasion::SignUpAttempt, (email, Some(credential)), &page)
}

/// What goes out in place of a letter with a link to prove an address with which others have signed up too.
pub(super) fn instead_of_verification(letter: Letter) -> Letter {
    // The page that was to come after it sets no password, but another of the same site does.
    let callback_url = format!("{}{RESET_PAGE}", origin_of_url(&letter.callback_url).unwrap_or_default());
    Letter { occasion: Occasion::SignUpAttempt, callback_url, ..letter }
}

/// The page that sets a new password, where a request names none: that of the web application that asks, or else at the address of
/// the API.
pub fn reset_page(app: &App, request: &Request) -> String {
    let asks = request.header(header::ORIGIN).filter(|origin| is_trusted_redirect(origin, request, &app.config));
    format!("{}{RESET_PAGE}", asks.unwrap_or_default())
}

/// A letter that is never sent, so that it shows nowhere that there was nothing to send.
pub(super) fn to_nobody(app: &App, request: &Request, email: &Email, callback_url: &str) -> Result<Letter, Error> {
    Ok(Letter {
        callback_url: callback_url.to_owned(),
        state: State::of(&app.keys.current, &[email.as_str()]).to_text(),
        ..blank(app, request, Occasion::Nobody, UserId(app.random.uuid()?), email.as_str())
    })
}

/// A letter to the present address, which has to agree to the new one.
pub(super) fn present_address(
    app: &App,
    request: &Request,
    caller: (&User, &PasswordAccount),
    new_email: &Email,
    callback_url: &str,
) -> Letter {
    let letter = link(app, request, Occasion::ConfirmEmailChange, caller, callback_url);
    Letter { new_email: new_email.as_str().to_owned(), ..letter }
}

/// A letter to the new address, with a link to take it.
pub(super) fn new_address(
    app: &App,
    request: &Request,
    caller: (&User, &PasswordAccount),
    new_email: &Email,
    callback_url: &str,
) -> Letter {
    let letter = link(app, request, Occasion::VerifyEmailChange, caller, callback_url);
    let new_email = new_email.as_str().to_owned();
    Letter { to: new_email.clone(), name: String::new(), new_email, ..letter }
}

/// A letter to the former address, which tells of the new one.
pub(super) fn former_address(app: &App, request: &Request, user: &User, new_email: &Email) -> Letter {
    let letter = notice(app, request, Occasion::EmailChangeNotice, user);
    Letter { new_email: new_email.as_str().to_owned(), ..letter }
}

/// A letter that only tells something, with where it was done from.
pub(super) fn notice(app: &App, request: &Request, occasion: Occasion, user: &User) -> Letter {
    Letter { name: name(user), ..blank(app, request, occasion, user.id, &user.email) }
}

/// What a letter calls its reader. Until somebody has proven that an address is theirs, the name is one that somebody else may have
/// chosen for them to read.
pub(super) fn name(user: &User) -> String {
    if user.email_verified { user.name.clone() } else { String::new() }
}

fn blank(app: &App, request: &Request, occasion: Occasion, user_id: UserId, to: &str) -> Letter {
    let now: Timestamp = app.clock.now();
    let device = mail::device(&request.user_agent());
    let seconds = mail::purpose_of(occasion).map_or(NOTICE_SECONDS, Purpose::seconds);
    let parts = [request.source_ip.as_str(), &device].into_iter().filter(|part| !part.is_empty());
    Letter {
        occasion,
        to: to.to_owned(),
        name: String::new(),
        user_id,
        created_at: now,
        not_after: now.plus_seconds(seconds),
        origin: request.own_origin.as_str().to_owned(),
        callback_url: String::new(),
        state: String::new(),
        new_email: String::new(),
        place: parts.collect::<Vec<_>>().join(", "),
    }
}
