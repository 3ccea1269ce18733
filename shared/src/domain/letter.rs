use serde::{Deserialize, Serialize};

use super::{Timestamp, UserId};

/// What a letter says, and what it lets its reader do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// Nobody has the address: the letter is never sent. It is there so that an address that is registered costs no more than
    /// one that is not.
    Nobody,
    /// A link to set a new password.
    ResetPassword,
    /// A link to prove that the address is the reader's.
    VerifyEmail,
    /// Somebody tried to sign up with the address of an account: a link to set a new password.
    SignUpAttempt,
    /// To the present address: a link to agree to another one.
    ConfirmEmailChange,
    /// To the new address: a link to take it.
    VerifyEmailChange,
    /// A link to delete the account.
    DeleteAccount,
    /// To the former address: the account has another one now.
    EmailChangeNotice,
    /// The password was changed by somebody who was signed in.
    PasswordChanged,
    /// The password was reset by a link.
    PasswordReset,
    /// Somebody signed in from a device that was not seen before.
    NewDevice,
    /// The account is deleted.
    AccountDeleted,
}

/// A letter that is to be sent: everything that its text needs, and no secret. The token of its link is worked out when it is
/// sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it says.
    pub occasion: Occasion,
    /// The address it goes to.
    pub to: String,
    /// What its reader is called.
    pub name: String,
    /// Whose account it is about.
    pub user_id: UserId,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its purpose has passed: it is not sent any more.
    pub not_after: Timestamp,
    /// The origin that its link leads to: that of the request it was asked for in.
    pub origin: String,
    /// Where its link leads on to; empty for nowhere.
    pub callback_url: String,
    /// The fingerprint of the state that its token is for; empty without a token.
    pub state: String,
    /// The new address, in a letter about one; empty otherwise.
    pub new_email: String,
    /// Where from, in a letter about something that was done: an address and a device; empty when unknown.
    pub place: String,
}
