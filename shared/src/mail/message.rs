use askama::Template;

use super::{
    link::{link, purpose_of},
    words::words,
};
use crate::{Error, domain::Letter, identity::mail_token::Purpose};

/// A mail as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The address it goes to.
    pub to: String,
    /// Its subject: words of ours alone.
    pub subject: String,
    /// Its text without markup.
    pub text: String,
    /// The same in HTML. Names, addresses and links are escaped.
    pub html: String,
    /// The link in it; empty without one.
    pub url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    subject: &'a str,
    name: &'a str,
    lines: &'a [String],
    button: &'a str,
    url: &'a str,
    /// The token, where it can be entered instead of following the link.
    code: &'a str,
    place: &'a str,
    closing: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    name: &'a str,
    lines: &'a [String],
    button: &'a str,
    url: &'a str,
    /// The token, where it can be entered instead of following the link.
    code: &'a str,
    place: &'a str,
    closing: &'a str,
}

/// The mail of a letter, with `token` in its link if it has one.
///
/// # Errors
/// [`Error::Internal`] if a template cannot be rendered.
pub fn render(letter: &Letter, token: &str) -> Result<Message, Error> {
    let words = words(letter);
    let url = link(letter, token);
    // A deletion takes the link: it is for the browser that is signed in.
    let code = match purpose_of(letter.occasion) {
        None | Some(Purpose::DeleteAccount) => "",
        Some(_) => token,
    };
    // What a person chose to be called stands on one line of the text.
    let name: String = letter.name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let place: String = letter.place.chars().filter(|c| !c.is_control()).collect();
    let (subject, lines, button, closing) = (words.subject, words.lines, words.button, words.closing);
    let html = Html { subject, name: &name, lines: &lines, button, url: &url, code, place: &place, closing };
    let text = Text { name: &name, lines: &lines, button, url: &url, code, place: &place, closing };
    Ok(Message {
        to: letter.to.clone(),
        subject: subject.to_owned(),
        text: text.render().map_err(Error::internal)?,
        html: html.render().map_err(Error::internal)?,
        url,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{Occasion, Timestamp, UserId};

    fn letter(occasion: Occasion) -> Letter {
        let now = Timestamp::from_seconds(1_800_000_000);
        Letter {
            occasion,
            to: "ann@example.com".to_owned(),
            name: "<b>Ann & \"Co\"</b>\r\nBcc: eve@example.com".to_owned(),
            user_id: UserId(Uuid::nil()),
            created_at: now,
            not_after: now.plus_seconds(60),
            origin: "https://app.example.com".to_owned(),
            callback_url: "/a?b=c&d=\"><script>".to_owned(),
            state: String::new(),
            new_email: "o'neil+x@example.com".to_owned(),
            place: "203.0.113.7 <img>".to_owned(),
        }
    }

    const ALL: [Occasion; 12] = [
        Occasion::Nobody,
        Occasion::ResetPassword,
        Occasion::VerifyEmail,
        Occasion::SignUpAttempt,
        Occasion::ConfirmEmailChange,
        Occasion::VerifyEmailChange,
        Occasion::DeleteAccount,
        Occasion::EmailChangeNotice,
        Occasion::PasswordChanged,
        Occasion::PasswordReset,
        Occasion::NewDevice,
        Occasion::AccountDeleted,
    ];

    #[test]
    fn what_people_choose_is_escaped_and_nothing_is_loaded() {
        for occasion in ALL {
            let message = render(&letter(occasion), "token").unwrap();
            assert!(!message.html.contains("<b>Ann") && message.html.contains("&#60;b&#62;Ann"), "{}", message.html);
            assert!(!message.html.contains("<script") && !message.html.contains("<img"), "{}", message.html);
            assert!(!message.html.contains("src="), "{}", message.html);
            assert!(!message.subject.contains("Ann") && message.text.contains("Hello <b>Ann"), "{}", message.text);
            assert!(!message.text.contains("\nBcc:"), "{}", message.text);
        }
    }

    #[test]
    fn a_letter_with_a_token_has_its_link_in_both_forms_and_others_have_none() {
        for occasion in ALL {
            let message = render(&letter(occasion), "the-token").unwrap();
            let has_token = purpose_of(occasion).is_some();
            assert_eq!(message.url.contains("the-token"), has_token, "{occasion:?}");
            assert_eq!(message.text.contains("https://"), has_token, "{occasion:?}");
            assert!(message.text.contains(&message.url), "{}", message.text);
            assert_eq!(message.html.contains("href="), has_token, "{occasion:?}");
        }
    }

    #[test]
    fn a_code_that_can_be_entered_stands_by_itself() {
        for occasion in ALL {
            let message = render(&letter(occasion), "the-token").unwrap();
            let is_entered = purpose_of(occasion).is_some_and(|purpose| purpose != Purpose::DeleteAccount);
            assert_eq!(message.text.lines().any(|line| line == "the-token"), is_entered, "{}", message.text);
            assert_eq!(message.html.contains(">the-token<"), is_entered, "{}", message.html);
        }
    }

    #[test]
    fn links_are_written_as_the_original_writes_them() {
        let url = |occasion, callback: &str| {
            let letter = Letter { callback_url: callback.to_owned(), ..letter(occasion) };
            render(&letter, "t").unwrap().url
        };
        assert_eq!(
            url(Occasion::ResetPassword, "https://app.example.com/reset?x=1"),
            "https://app.example.com/api/auth/reset-password/t?callbackURL=https%3A%2F%2Fapp.example.com%2Freset%3Fx%3D1"
        );
        assert_eq!(url(Occasion::ResetPassword, ""), "https://app.example.com/api/auth/reset-password/t?callbackURL=");
        assert_eq!(
            url(Occasion::VerifyEmail, ""),
            "https://app.example.com/api/auth/verify-email?token=t&callbackURL=%2F"
        );
        assert_eq!(
            url(Occasion::DeleteAccount, "/bye"),
            "https://app.example.com/api/auth/delete-user/callback?token=t&callbackURL=%2Fbye"
        );
    }
}
