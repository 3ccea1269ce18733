use crate::domain::{Letter, Occasion};

/// What a letter says.
pub(super) struct Words {
    pub(super) subject: &'static str,
    pub(super) lines: Vec<String>,
    /// What the link is called.
    pub(super) button: &'static str,
    pub(super) closing: &'static str,
}

const IF_NOT_YOU: &str = "If it was not you, ignore this mail: nothing happens unless what is in it is used.";
const IF_NOT_YOU_RESET: &str =
    "If it was not you, set a new password at once: that signs out everybody who is signed in to your account.";

pub(super) fn words(letter: &Letter) -> Words {
    let new_email = &letter.new_email;
    let (subject, lines, button, closing) = match letter.occasion {
        Occasion::Nobody => ("Nothing to say", vec![], "", ""),
        Occasion::ResetPassword => (
            "Set a new password",
            vec![
                "Somebody asked for a new password for your account. The link below lets you set one; it counts once and for \
                 an hour."
                    .to_owned(),
                "Setting it signs you out everywhere.".to_owned(),
            ],
            "Set a new password",
            IF_NOT_YOU,
        ),
        Occasion::VerifyEmail => (
            "Confirm your address",
            vec!["Please confirm that this address is yours. The link counts for an hour.".to_owned()],
            "Confirm the address",
            "If you have not signed up, ignore this mail.",
        ),
        Occasion::SignUpAttempt => (
            "You have an account already",
            vec![
                "Somebody tried to sign up with this address, which has an account already.".to_owned(),
                "If it was you, sign in, or use the link below to set a new password. Whoever may have used your address \
                 before you is signed out by that."
                    .to_owned(),
            ],
            "Set a new password",
            IF_NOT_YOU,
        ),
        Occasion::ConfirmEmailChange => (
            "Confirm your new address",
            vec![format!("Somebody who is signed in asked to change the address of your account to {new_email}.")],
            "Agree to the new address",
            IF_NOT_YOU_RESET,
        ),
        Occasion::VerifyEmailChange => (
            "Confirm your new address",
            vec![format!("Please confirm that {new_email} is yours; it then becomes the address of your account.")],
            "Confirm the address",
            IF_NOT_YOU,
        ),
        Occasion::DeleteAccount => (
            "Delete your account",
            vec![
                "Somebody who is signed in asked to delete your account. Your tasks go with it, and nobody can bring them \
                 back."
                    .to_owned(),
                "Open the link where you are signed in. It counts for a day.".to_owned(),
            ],
            "Delete the account",
            IF_NOT_YOU_RESET,
        ),
        Occasion::EmailChangeNotice => (
            "Your address was changed",
            vec![format!("The address of your account is {new_email} from now on.")],
            "",
            "If it was not you, write to whoever runs this service.",
        ),
        Occasion::PasswordChanged => {
            ("Your password was changed", vec!["The password of your account was changed.".to_owned()], "", IF_NOT_YOU_RESET)
        }
        Occasion::PasswordReset => (
            "Your password was reset",
            vec!["Your account has a new password, and everybody who was signed in to it is signed out.".to_owned()],
            "",
            IF_NOT_YOU_RESET,
        ),
        Occasion::NewDevice => (
            "Somebody signed in from a new device",
            vec!["Your account was signed in to from a device that was not seen before.".to_owned()],
            "",
            IF_NOT_YOU_RESET,
        ),
        Occasion::AccountDeleted => (
            "Your account is deleted",
            vec!["Your account and everything in it is deleted.".to_owned()],
            "",
            "If it was not you, write to whoever runs this service.",
        ),
    };
    Words { subject, lines, button, closing }
}
