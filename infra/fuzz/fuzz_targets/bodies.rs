//! Bodies are JSON or refused, in both dialects alike, and every field is taken or noted.
#![no_main]

use fuzz::{CONFIG, event};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::Value;
use shared::{
    Error,
    domain::{DueDate, Email, Title},
    http::{Dialect, Request, better_auth::Payload, plain::Fields},
};

/// Names of fields in the corpus.
const NAMES: [&str; 6] = ["title", "email", "due_date", "completed", "callbackURL", "image"];

fuzz_target!(|input: &[u8]| {
    let plain = Fields::parse(input);
    let is_json = is_json(input);
    match &plain {
        Ok(_) => assert!(is_json),
        Err(Error::Validation(_)) => assert!(is_json),
        Err(Error::BodyEmpty | Error::NestedTooDeeply | Error::MalformedJson(_)) => assert!(!is_json),
        Err(error) => panic!("{error}"),
    }
    if let Ok(fields) = plain {
        take(fields, serde_json::from_slice(input).ok());
    }
    // An event holds text.
    if let Ok(text) = std::str::from_utf8(input) {
        better_auth(text, is_json);
    }
});

/// Whether a body is JSON that is not too deep. The parser of values that are ignored knows neither sizes of numbers, nor halves of
/// surrogate pairs, nor depth.
fn is_json(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str::<IgnoredAny>(text).is_ok() && depth(text) <= 128
}

/// How deep arrays and objects stand in each other in JSON.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !is_text => depth -= 1,
            _ => {}
        }
    }
    deepest
}

/// Takes fields of the plain dialect. Of a body that serde_json takes as it is, they are what that says.
fn take(mut fields: Fields, value: Option<Value>) {
    let title = fields.required("title", |text| Ok(text.to_owned()));
    let email = fields.optional("email", Email::parse);
    let due_date = fields.clearable("due_date", DueDate::parse);
    let completed = fields.boolean_unless_absent("completed");
    if let Some(value) = &value {
        assert_eq!(title.as_deref(), value["title"].as_str());
        assert_eq!(completed, value["completed"].as_bool());
        assert_eq!(due_date == Some(None), value.get("due_date") == Some(&Value::Null));
    }
    let wrong = [value.as_ref().is_some_and(|value| {
        let is_wrong = |name: &str, taken: bool| value.get(name).is_some_and(|value| !value.is_null()) && !taken;
        title.is_none() || is_wrong("email", email.is_some()) || is_wrong("due_date", due_date.is_some())
    })];
    let finished = fields.finish(title);
    assert!(!(wrong[0] && finished.is_ok()), "something was wrong, and nobody was told");
    if let Err(error) = finished {
        let Error::Validation(violations) = error else { panic!("{error}") };
        assert!(!violations.is_empty() && violations.iter().all(|violation| !violation.detail.is_empty()));
    }
}

fn better_auth(text: &str, is_json: bool) {
    let headers = [("content-type", "application/json")];
    let event = event("POST", "/", "", &headers, &[], text.as_bytes()).unwrap();
    let mut request = Request::from_event(event, &CONFIG);
    let dialect = Dialect::BetterAuth { accepts_forms: false };
    match dialect.admit(&mut request, &CONFIG) {
        Ok(()) => assert!(is_json || text.is_empty()),
        // A place to go next that is not trusted.
        Err(Error::BetterAuth(_)) => assert!(is_json),
        Err(_) => {
            assert!(!is_json);
            return;
        }
    }
    let mut payload = Payload::optional_object(&request);
    for name in NAMES {
        let value = payload.any(name).cloned();
        let text = value.as_ref().and_then(Value::as_str);
        assert_eq!(payload.string(name), text);
        assert!(payload.optional_url(name, 100).is_none_or(|url| Some(url) == text && url.len() <= 100));
        assert!(payload.short_string(name, 10).is_none_or(|text| Title::parse(text).is_ok() || text.trim().is_empty()));
        assert_eq!(payload.optional_boolean(name), value.as_ref().and_then(Value::as_bool));
        payload.email(name);
    }
    // Nothing is a text and a truth value at once.
    let is_there = NAMES.iter().any(|name| payload.any(name).is_some());
    assert!(!is_there || payload.finish(Some(())).is_err());
}
