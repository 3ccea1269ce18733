//! `Cookie` headers are read as the crate `cookie` reads them, and nobody else's cookies hide ours.
#![no_main]

use std::borrow::Cow;

use cookie::Cookie;
use fuzz::{CONFIG, KEYS, NOW, PRINCIPAL, TOKENS, request};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use shared::{
    http::cookies::{find, session_cookie_name},
    identity::Credential,
};

fuzz_target!(|input: &str| {
    let name = session_cookie_name(CONFIG.base_url.as_ref().unwrap());
    for name in [name.as_str(), "s"] {
        let ours: Vec<_> = find([input].into_iter(), name).collect();
        assert_eq!(ours, by_the_crate(input, name));
        // One header or several: that is the gateway's to choose.
        assert_eq!(ours, find(input.split(';'), name).collect::<Vec<_>>());
    }
    // A token is where it was, whatever other cookies there are.
    let own = format!("{name}={}", TOKENS.session);
    for cookies in
        [vec![input, &own], vec![&own, input], vec![&format!("{input};{own}")], vec![&format!("{own};{input}")]]
    {
        let request = request("GET", &[], &cookies).unwrap();
        let credential = Credential::of(&KEYS, &request, NOW);
        assert_eq!(credential.of_anybody().map(|it| it.user_id), Some(PRINCIPAL.user_id), "{cookies:?}");
    }
});

fn by_the_crate(header: &str, name: &str) -> Vec<String> {
    let cookies = Cookie::split_parse(header).filter_map(Result::ok).filter(|cookie| cookie.name() == name);
    let decoded = |cookie: Cookie<'_>| match percent_decode_str(cookie.value_trimmed()).decode_utf8_lossy() {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    };
    cookies.map(decoded).collect()
}
