use super::{ConfigError, error, flag};

/// What mails are sent for, and what they take. Without a sender's address none are, and all of it is off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mails {
    /// Whether mails are sent at all: there is a sender's address.
    pub enabled: bool,
    /// Whether signing in takes an address that is known to be the user's.
    pub require_verification: bool,
    /// Whether signing up sends a link to verify the address.
    pub verify_on_sign_up: bool,
    /// Whether a sign-in that is refused for want of verification sends another link.
    pub verify_on_sign_in: bool,
    /// Whether following that link signs the user in.
    pub sign_in_after_verification: bool,
    /// Whether users may change their address.
    pub change_email: bool,
    /// Whether the present address, if it is verified, has to agree first.
    pub confirm_change_email: bool,
    /// Whether a user whose address is not verified may change it at once.
    pub change_unverified_email_at_once: bool,
    /// Whether users may delete their account.
    pub delete_user: bool,
    /// Whether that takes a link in a mail, even with the right password.
    pub confirm_delete_user: bool,
    /// Whether users are told of what happens to their account: a changed password, a new device, the account's end.
    pub security_notices: bool,
}

impl Mails {
    pub(super) fn from_variables(get: &impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let flag = |name, default| flag(get, name, default);
        let enabled = get("MAIL_FROM").is_some();
        let require_verification = flag("REQUIRE_EMAIL_VERIFICATION", false)?;
        let mails = Self {
            enabled,
            require_verification,
            verify_on_sign_up: flag("VERIFY_EMAIL_ON_SIGN_UP", require_verification)? && enabled,
            verify_on_sign_in: flag("VERIFY_EMAIL_ON_SIGN_IN", false)?,
            sign_in_after_verification: flag("SIGN_IN_AFTER_VERIFICATION", false)?,
            change_email: flag("CHANGE_EMAIL", false)?,
            confirm_change_email: flag("CONFIRM_CHANGE_EMAIL", false)?,
            change_unverified_email_at_once: flag("CHANGE_UNVERIFIED_EMAIL_AT_ONCE", false)?,
            delete_user: flag("DELETE_USER", false)?,
            confirm_delete_user: flag("CONFIRM_DELETE_USER", false)?,
            security_notices: flag("SECURITY_NOTICES", false)? && enabled,
        };
        if !enabled && (require_verification || mails.confirm_delete_user) {
            return Err(error(
                "MAIL_FROM",
                "must be set to the sender's address: what is configured takes mails that could not be sent",
            ));
        }
        Ok(mails)
    }
}
