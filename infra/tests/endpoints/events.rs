//! Every event is answered as its row says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use functions::endpoints;
use infra::demo;

use crate::{
    case::outcomes,
    cases,
    event::{directory, event},
    world::World,
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
fn every_event_is_answered_as_its_row_says() {
    let wrong: Vec<_> = outcomes()
        .iter()
        .filter_map(|outcome| outcome.complaint.as_ref().map(|complaint| format!("{}: {complaint}", outcome.event)))
        .collect();
    assert!(wrong.is_empty(), "{} cases of {}:\n{}", wrong.len(), outcomes().len(), wrong.join("\n"));
}

#[test]
fn every_event_has_a_row_and_every_row_an_event() {
    let rows: BTreeSet<_> = outcomes().iter().map(|outcome| outcome.event.clone()).collect();
    assert_eq!(rows, names());
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
    // What it answers is that there is nothing.
    succeeds.remove("fallback");
    let without: Vec<_> = succeeds.iter().filter(|(_, succeeds)| !**succeeds).map(|(function, _)| function).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[tokio::test]
async fn events_carry_the_demo_session() {
    let world = World::without_demo().await;
    let token = demo::session_token(&world.app);
    for (name, carrier) in [
        ("tasks-list/tasks", "/headers/authorization"),
        ("auth-me/cookie", "/cookies/1"),
        ("auth-me/user", "/headers/authorization"),
    ] {
        let event = event(name);
        let carried = event.pointer(carrier).unwrap().as_str().unwrap();
        assert!(carried.ends_with(&token), "{name} does not carry {token}");
    }
}

#[test]
fn events_are_those_that_the_gateway_makes_of_their_route() {
    for name in names() {
        let event = event(&name);
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
