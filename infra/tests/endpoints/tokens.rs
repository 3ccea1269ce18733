//! Bearer tokens that requests carry, signed with the secret of `infra/local.env` unless they are not.

use std::sync::LazyLock;

use infra::demo;
use shared::{
    config::Config,
    domain::{Email, SessionId, UserId},
    identity::{
        Principal,
        keys::KeyRing,
        mail_token::{MailToken, Purpose, State},
        session_token,
    },
};
use uuid::Uuid;

use crate::world::{BEGINNING, LOCAL};

/// A JSON Web Token that somebody else signed.
pub const FOREIGN_JWT: &str = "eyJhbGciOiJFZERTQSIsImtpZCI6ImZvcmVpZ24ifQ.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

/// The session that [`Given::OtherSession`](crate::case::Given::OtherSession) begins; without that, one that has ended.
pub const OTHER_SESSION: SessionId = SessionId(user_or_session(0xf));

/// The user whom [`Given::SessionWithoutUser`](crate::case::Given::SessionWithoutUser) is about.
pub const GONE_USER: UserId = UserId(user_or_session(0xa));

/// An id in the manner of the demo account's.
pub const fn user_or_session(number: u128) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000 + number)
}

/// The demo session's.
pub fn demo() -> String {
    issue(&LOCAL_KEYS, &demo::PRINCIPAL)
}

/// That of [`OTHER_SESSION`].
pub fn other_session() -> String {
    issue(&LOCAL_KEYS, &Principal { session_id: OTHER_SESSION, ..demo::PRINCIPAL })
}

/// That of a session whose user is [`GONE_USER`].
pub fn without_user() -> String {
    issue(&LOCAL_KEYS, &Principal { user_id: GONE_USER, ..demo::PRINCIPAL })
}

/// The demo session's, of which the last bytes are others.
pub fn forged() -> String {
    let mut token = demo();
    token.replace_range(token.len() - 3.., "AAA");
    token
}

/// One for the demo session that was signed with a secret that is not ours.
pub fn of_another_secret() -> String {
    issue(&keys("another-secret-0123456789-0123456789"), &demo::PRINCIPAL)
}

/// One from a mail about the demo account, asked for at the beginning.
pub fn mailed(purpose: Purpose) -> String {
    mailed_about(purpose, None)
}

/// One from a mail that verifies the address of another user, asked for at the beginning.
pub fn mailed_to(email: &str, user_id: UserId) -> String {
    let token = MailToken {
        purpose: Purpose::VerifyEmail,
        user_id,
        expires_at: BEGINNING.plus_seconds(Purpose::VerifyEmail.seconds()),
        state: State::of(&LOCAL_KEYS.current, &[email]),
        new_email: None,
    };
    token.issue(&LOCAL_KEYS)
}

/// That of [`mailed`] about a new address.
pub fn mailed_about(purpose: Purpose, new_email: Option<&str>) -> String {
    let password = BEGINNING.millis().to_string();
    let parts: &[&str] = match purpose {
        Purpose::VerifyEmail => &[demo::EMAIL],
        Purpose::ResetPassword => &[demo::EMAIL, &password],
        _ => &[demo::EMAIL, &password, "0"],
    };
    let token = MailToken {
        purpose,
        user_id: demo::PRINCIPAL.user_id,
        expires_at: BEGINNING.plus_seconds(purpose.seconds()),
        state: State::of(&LOCAL_KEYS.current, parts),
        new_email: new_email.map(|email| Email::parse(email).unwrap()),
    };
    token.issue(&LOCAL_KEYS)
}

static LOCAL_KEYS: LazyLock<KeyRing> = LazyLock::new(|| keys(LOCAL["JWT_SECRET_KEY"]));

fn issue(keys: &KeyRing, principal: &Principal) -> String {
    session_token::issue(keys, principal)
}

fn keys(secret: &str) -> KeyRing {
    let variable = |name: &str| (name == "JWT_SECRET_KEY").then(|| secret.to_owned());
    KeyRing::derive(&Config::from_variables(variable).unwrap()).unwrap()
}
