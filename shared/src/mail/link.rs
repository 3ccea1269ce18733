use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    domain::{Letter, Occasion},
    identity::mail_token::Purpose,
};

/// What JavaScript's `encodeURIComponent` leaves as it is, beside letters and digits.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What the token in a letter is for; `None` for a letter without one.
pub const fn purpose_of(occasion: Occasion) -> Option<Purpose> {
    match occasion {
        Occasion::ResetPassword | Occasion::SignUpAttempt => Some(Purpose::ResetPassword),
        Occasion::VerifyEmail => Some(Purpose::VerifyEmail),
        Occasion::ConfirmEmailChange => Some(Purpose::ConfirmEmailChange),
        Occasion::VerifyEmailChange => Some(Purpose::VerifyEmailChange),
        Occasion::DeleteAccount => Some(Purpose::DeleteAccount),
        Occasion::Nobody
        | Occasion::EmailChangeNotice
        | Occasion::PasswordChanged
        | Occasion::PasswordReset
        | Occasion::NewDevice
        | Occasion::AccountDeleted => None,
    }
}

/// The address of a letter's link, as the original server writes it; empty for a letter without one.
pub fn link(letter: &Letter, token: &str) -> String {
    let Some(purpose) = purpose_of(letter.occasion) else { return String::new() };
    let base = format!("{}/api/auth", letter.origin);
    let encode = |text| utf8_percent_encode(text, COMPONENT);
    let callback = encode(&letter.callback_url);
    // Without a place to go on to, these two lead to the front page.
    let callback_or_root = encode(if letter.callback_url.is_empty() { "/" } else { &letter.callback_url });
    match purpose {
        Purpose::ResetPassword => format!("{base}/reset-password/{token}?callbackURL={callback}"),
        Purpose::VerifyEmail | Purpose::ConfirmEmailChange | Purpose::VerifyEmailChange => {
            format!("{base}/verify-email?token={token}&callbackURL={callback_or_root}")
        }
        Purpose::DeleteAccount => {
            format!("{base}/delete-user/callback?token={token}&callbackURL={callback_or_root}")
        }
    }
}
