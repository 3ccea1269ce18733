//! No text that we did not issue counts as a token of ours, and no text that is one but for a few characters.
//!
//! The first four characters of the input say which token, and which of its characters the rest of the input takes the place of.
#![no_main]

use fuzz::{CONFIG, EMAIL, KEYS, NOW, PRINCIPAL, PURPOSES, TOKENS, request};
use libfuzzer_sys::fuzz_target;
use shared::{
    domain::TaskQuery,
    http::cookies,
    identity::{Credential, access_token, cursor, device_token, mail_token::MailToken, session_token},
};

fuzz_target!(|input: &str| {
    never_counts(input);
    if let Some((choice, rest)) = input.split_at_checked(4) {
        never_counts(&damaged(choice.as_bytes(), rest));
    }
});

fn issued() -> [&'static str; 6] {
    [&TOKENS.session, &TOKENS.access, &TOKENS.service, &TOKENS.mail, &TOKENS.device, &TOKENS.cursor]
}

/// One of the tokens with `text` in the place of what stands somewhere in it.
fn damaged(choice: &[u8], text: &str) -> String {
    let [kind, from, high, length] = <[u8; 4]>::try_from(choice).unwrap().map(usize::from);
    let token = issued()[kind % 6];
    let from = (from % 64 + high % 16 * 64) % (token.len() + 1);
    let to = (from + length % 64).min(token.len());
    format!("{}{text}{}", &token[..from], &token[to..])
}

fn never_counts(text: &str) {
    if issued().contains(&text) {
        return;
    }
    let origin = CONFIG.base_url.as_ref().unwrap();
    assert!(session_token::verify(&KEYS, text).is_err(), "{text:?} is a session token");
    assert!(access_token::verify(&KEYS, text, origin, NOW).is_err(), "{text:?} is an access token");
    assert!(MailToken::read(&KEYS, text, &PURPOSES, NOW).is_err(), "{text:?} is a token in a mail");
    let query = TaskQuery::default();
    assert!(cursor::read(&KEYS, PRINCIPAL.user_id, &query, text).is_err(), "{text:?} is a cursor");
    // Of what a header or a cookie holds, several spellings are one token.
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
        return;
    }
    let bearer = format!("Bearer {text}");
    let names = [cookies::session_cookie_name(origin), cookies::known_device_cookie_name(origin)];
    let cookies = names.map(|name| format!("{name}={text}"));
    let request = request("GET", &[("authorization", &bearer)], &cookies.each_ref().map(String::as_str)).unwrap();
    let credential = Credential::of(&KEYS, &request, NOW);
    assert_eq!(credential.of_anybody().map(|it| it.user_id), None, "{text:?} is somebody's");
    assert!(credential.plain(&request, &CONFIG.trusted_origins).is_err() && credential.better_auth().is_err());
    assert_eq!(device_token::known_device(&KEYS, &request, EMAIL, NOW), None, "{text:?} is a known device's");
}
