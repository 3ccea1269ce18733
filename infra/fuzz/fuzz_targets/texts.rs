//! What is parsed is in the form that it is kept in: parsing it again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::domain::{
    Description, Email, IdempotencyKey, Name, NewPassword, Password, Priority, SearchText, TaskId, Title,
    has_control_characters,
};
use unicode_normalization::UnicodeNormalization;

fuzz_target!(|input: &str| {
    emails(input);
    passwords(input);
    people(input);
    searches(input);
    if let Some(id) = TaskId::parse(input) {
        assert_eq!(id.to_string(), input);
        assert_eq!(TaskId::at(id.created_at(), (id.get() & 0xfff) as u16), id);
    }
    if let Ok(priority) = Priority::parse(input) {
        assert_eq!(priority.as_str(), input);
    }
    if let Ok(key) = IdempotencyKey::parse(input) {
        assert_eq!(key.as_str(), input);
    }
});

fn emails(text: &str) {
    let Ok(email) = Email::parse_typed(text) else {
        assert!(Email::parse(text).is_err());
        return;
    };
    assert_eq!(Email::parse(email.as_str()).unwrap(), email);
    assert_eq!(Email::parse_typed(&text.to_ascii_uppercase()).unwrap(), email);
    let (local, domain) = email.as_str().split_once('@').unwrap();
    assert_eq!(local, email.local_part());
    // It goes into headers of mails, and into URLs.
    assert!(email.as_str().bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>()[]\\,;:%&=?#/".contains(&byte)));
    assert!(!domain.contains('@') && domain.contains('.'));
}

fn passwords(text: &str) {
    let password = Password::new(text);
    assert_eq!(Password::new(password.expose()).expose(), password.expose());
    assert_eq!(Password::new(&text.nfd().collect::<String>()).expose(), password.expose());
    if let Ok(new) = NewPassword::parse(text) {
        assert_eq!(new.as_password().expose(), password.expose());
        assert!(NewPassword::parse(password.expose()).is_ok() && !password.is_too_long());
    }
    if let Ok(new) = NewPassword::parse_better_auth(text) {
        assert!(NewPassword::parse_better_auth(new.as_password().expose()).is_ok() && !password.is_too_long());
    }
}

fn people(text: &str) {
    if let Ok(title) = Title::parse(text) {
        assert_eq!(Title::parse(title.as_str()).unwrap(), title);
        assert!(!has_control_characters(title.as_str()));
    }
    if let Ok(description) = Description::parse(text) {
        assert_eq!(description.as_str(), text);
        assert!(!has_control_characters(text));
    }
    if let Ok(Some(name)) = Name::parse(text) {
        assert_eq!(name.as_str(), text);
        assert!(!has_control_characters(text));
    }
}

/// A text is found in itself, however it is written.
fn searches(text: &str) {
    let Ok(search) = SearchText::parse(text) else { return };
    let (composed, decomposed) = (text.nfc().collect::<String>(), text.nfd().collect::<String>());
    for written in [text, &composed, &decomposed] {
        assert!(search.is_in(written), "{text:?} is not found in {written:?}");
        assert!(search.is_in(&format!("a {written} b")), "{text:?} is not found in a longer text");
    }
    let folded = serde_json::to_value(&search).unwrap();
    let again = SearchText::parse(folded.as_str().unwrap());
    assert!(again.is_err() || again.unwrap() == search, "{text:?} is folded twice");
}
