//! Every request is answered as its row says, and every event is one that the gateway makes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use functions::endpoints;
use serde_json::Value;
use shared::identity::mail_token::Purpose;

use crate::{
    case::{NEVER_SUCCEED, outcomes},
    cases,
    event::{directory, event},
    generated, tokens,
};

/// The names of all events: `auth-login/logged-in`.
pub fn names() -> BTreeSet<String> {
    let list = |path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap());
    let folders = list(directory()).filter(|entry| entry.path().is_dir());
    folders
        .flat_map(|folder| {
            list(folder.path()).map(move |file| {
                let (folder, file) = (folder.file_name(), file.file_name());
                let (folder, file) = (folder.to_str().unwrap(), file.to_str().unwrap());
                let event = file.strip_suffix(".json").unwrap_or_else(|| panic!("events/{folder}/{file} is no event"));
                format!("{folder}/{event}")
            })
        })
        .collect()
}

#[test]
fn every_request_is_answered_as_its_row_says() {
    let wrong: Vec<_> = outcomes()
        .iter()
        .filter_map(|outcome| outcome.complaint.as_ref().map(|complaint| format!("{}: {complaint}", outcome.row())))
        .collect();
    assert!(wrong.is_empty(), "{} rows of {}:\n{}", wrong.len(), outcomes().len(), wrong.join("\n"));
}

#[test]
fn every_row_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for outcome in outcomes() {
        assert!(names.insert(outcome.row()), "two rows are {}", outcome.row());
    }
}

#[test]
fn every_event_is_sent_as_it_is() {
    let sent: BTreeSet<_> = outcomes().iter().map(|outcome| outcome.event.clone()).collect();
    let names = names();
    let idle: Vec<_> = names.difference(&sent).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_function_has_rows() {
    let functions: BTreeSet<_> = endpoints().map(|endpoint| endpoint.name).collect();
    let with_rows: BTreeSet<_> = cases::all().into_iter().map(|(function, _)| function).collect();
    assert_eq!(with_rows, functions);
}

#[test]
fn every_function_has_an_event_that_succeeds() {
    let mut succeeds: BTreeMap<&str, bool> = BTreeMap::new();
    for outcome in outcomes() {
        *succeeds.entry(outcome.function).or_default() |= outcome.succeeded;
    }
    succeeds.retain(|function, _| !NEVER_SUCCEED.contains(function));
    let without: Vec<_> = succeeds.iter().filter(|(_, succeeds)| !**succeeds).map(|(function, _)| function).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn events_carry_tokens_of_the_local_secret() {
    generated::hold_files(names().into_iter().map(|name| {
        let mut text = fs::read_to_string(directory().join(format!("{name}.json"))).unwrap();
        for (carried, wanted) in tokens_in(&name, &event(&name)) {
            text = text.replace(&carried, &wanted);
        }
        (format!("events/{name}.json"), text)
    }));
}

/// The tokens that an event carries, each with the one that belongs in its place.
fn tokens_in(name: &str, event: &Value) -> Vec<(String, String)> {
    let of_body = if name == "auth-revoke-session/other-session" { tokens::other_session() } else { tokens::demo() };
    let body: Value = serde_json::from_str(event["body"].as_str().unwrap_or_default()).unwrap_or_default();
    let bearer = event["headers"]["authorization"].as_str().and_then(|header| header.strip_prefix("Bearer "));
    let cookies = event["cookies"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let session_cookies = cookies.filter_map(|cookie| Some(cookie.split_once("session_token=")?.1));
    let mut tokens: Vec<_> = session_cookies.chain(bearer).map(|token| (token.to_owned(), tokens::demo())).collect();
    if let Some(purpose) = mailed(name) {
        let of_query = event["queryStringParameters"]["token"].as_str();
        let places = [&body["token"], &body["code"], &event["pathParameters"]["token"]].map(Value::as_str);
        let mailed = places.into_iter().chain([of_query]).flatten();
        tokens.extend(mailed.map(|token| (token.to_owned(), tokens::mailed(purpose))));
    } else {
        tokens.extend(body["token"].as_str().map(|token| (token.to_owned(), of_body)));
    }
    tokens
}

/// What the token from a mail is for that an event carries, if it carries one.
fn mailed(name: &str) -> Option<Purpose> {
    match name {
        "auth-reset-password/reset" | "auth-reset-password/code" | "auth-follow-reset-link/valid" => {
            Some(Purpose::ResetPassword)
        }
        "auth-verify-email/verified" | "auth-verify-email-code/verified" => Some(Purpose::VerifyEmail),
        "auth-follow-deletion-link/deleted" | "auth-delete-user/by-link" => Some(Purpose::DeleteAccount),
        _ => None,
    }
}

#[test]
fn events_are_those_that_the_gateway_makes_of_their_route() {
    let sent = outcomes().iter().map(|outcome| outcome.event.clone());
    for name in sent.collect::<BTreeSet<_>>() {
        let event = event(&name);
        if let Some(length) = event["headers"]["content-length"].as_str() {
            let body = event["body"].as_str().unwrap();
            let bytes =
                if event["isBase64Encoded"] == true { BASE64_STANDARD.decode(body).unwrap() } else { body.into() };
            assert_eq!(length, bytes.len().to_string(), "{name}");
        }
        let method = event["requestContext"]["http"]["method"].as_str().unwrap();
        let route_key = event["routeKey"].as_str().unwrap();
        assert_eq!(event["version"], "2.0", "{name}");
        assert_eq!(event["requestContext"]["routeKey"], route_key, "{name}");
        assert_eq!(event["requestContext"]["http"]["path"], event["rawPath"], "{name}");
        let Some((route_method, route)) = route_key.split_once(' ') else {
            assert_eq!(route_key, "$default", "{name}");
            continue;
        };
        assert_eq!(route_method, method, "{name}");
        let routes = crate::world::TEMPLATE.routes();
        let functions: Vec<_> = routes
            .filter(|(candidate, _)| candidate.method == method && candidate.path == route)
            .map(|(_, function)| function.binary.as_str())
            .collect();
        assert_eq!(functions, [crate::event::function_of(&name)], "{name}");
        let mut path = route.to_owned();
        for (parameter, value) in event["pathParameters"].as_object().into_iter().flatten() {
            path = path.replace(&format!("{{{parameter}}}"), value.as_str().unwrap());
        }
        assert_eq!(event["rawPath"], path, "{name}");
    }
}
