//! Whatever comes, there is an answer, and it is not our fault.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use crate::{
    case::{in_parallel, successes},
    event::{event, function_of, with_fields, with_header, with_path, with_query},
    world::World,
};

/// Ways in which a request may not be what it should.
fn mutations(event: &Value) -> Vec<(String, Value)> {
    let mut mutated = Vec::new();
    for part in ["body", "headers", "cookies", "pathParameters", "rawPath", "rawQueryString"] {
        let mut without = event.clone();
        without.as_object_mut().unwrap().remove(part);
        // The list of headers has to be there, but nothing has to be in it.
        if part == "headers" {
            without["headers"] = json!({});
        }
        mutated.push((format!("without {part}"), without));
    }
    for part in ["requestId", "domainName"] {
        let mut without = event.clone();
        without["requestContext"].as_object_mut().unwrap().remove(part);
        mutated.push((format!("without {part}"), without));
    }
    for body in ["", "\0", "null", "[]", "{}", "\u{feff}{}", "{\"title\":\"\\ud800\"}", "{\"email\":{}}", "ä", "="] {
        for base64 in [false, true] {
            let mut other = event.clone();
            other["body"] = json!(body);
            other["isBase64Encoded"] = json!(base64);
            mutated.push((format!("body {body:?}, base64 {base64}"), other));
        }
    }
    let mut other = event.clone();
    // Bytes that are not UTF-8.
    other["body"] = json!("/////w==");
    other["isBase64Encoded"] = json!(true);
    mutated.push(("body of other bytes".to_owned(), other));
    for (name, values) in [
        (
            "authorization",
            ["", "Bearer", "Bearer  ", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic eDp4", "B\u{e4}"],
        ),
        ("content-type", ["", ";", "application/json;", "APPLICATION/JSON; charset=utf-8", "a/b", "\u{e4}", "json"]),
        ("origin", ["", "null", "https://", "://", "\u{e4}", "*", "http://localhost:3000/"]),
        ("cookie", ["", "=", ";", "a", "__Secure-better-auth.session_token=", "\u{e4}", "%"]),
    ] {
        for value in values {
            mutated.push((format!("{name}: {value:?}"), with_header(event.clone(), name, value)));
        }
    }
    for cookies in [json!([]), json!([""]), json!(["=", "__Secure-better-auth.session_token=%", "a=\u{e4}"])] {
        let mut other = event.clone();
        other["cookies"] = cookies.clone();
        mutated.push((format!("cookies {cookies}"), other));
    }
    if event.get("pathParameters").is_none() {
        return mutated;
    }
    for query in [
        "&",
        "=",
        "%",
        "%ff=%ff",
        "limit=99999999999999999999",
        "cursor=",
        "cursor=%00",
        "q=%F0%9F%98%80",
        "sort=&order=",
    ] {
        let mut other = event.clone();
        other["rawQueryString"] = json!(query);
        mutated.push((format!("query {query}"), other));
    }
    for (name, values) in [
        ("if-match", ["", "*", ",", "\"", "\"\"", "W/\"1\"", "\"18446744073709551616\""]),
        ("idempotency-key", ["", " ", "\u{e4}", "a b", "~", "\"key\"", "0"]),
    ] {
        for value in values {
            mutated.push((format!("{name}: {value:?}"), with_header(event.clone(), name, value)));
        }
    }
    for id in [
        "",
        "0",
        "-1",
        "9007199254740991",
        "9007199254740992",
        "\u{0}",
        "../..",
        "00000000-0000-4000-8000-00000000000A",
    ] {
        for parameter in ["user_id", "task_id"] {
            let mut other = event.clone();
            other["pathParameters"][parameter] = json!(id);
            mutated.push((format!("{parameter} {id:?}"), other));
        }
    }
    mutated
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_answered_with_500_or_a_panic() {
    // One that hashes needs no second round with another hash.
    let successes: BTreeMap<_, _> = successes().into_iter().collect();
    let requests = successes.into_iter().map(|(name, given)| async move {
        let world = Arc::new(World::new().await);
        given.arrange(&world).await;
        for (what, event) in mutations(&event(&name)) {
            let (its_world, function) = (Arc::clone(&world), function_of(&name).to_owned());
            let answer = tokio::spawn(async move { its_world.send_event(&function, event).await }).await;
            let answer = answer.unwrap_or_else(|error| panic!("{name}, {what}: {error}"));
            assert!((200..500).contains(&answer.status), "{name}, {what}: {} {}", answer.status, answer.text);
        }
    });
    in_parallel(requests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_has_more_headers_than_the_gateway_passes() {
    let world = World::new().await;
    assert_eq!(world.send("tasks-create/created-with-title-alone").await.status, 201);
    let tasks = "/api/00000000-0000-4000-8000-000000000001/tasks";
    let repeated = |text: &str, bytes: usize| text.repeat(bytes / text.len());
    // Each as long as a request that the gateway takes.
    for text in ["'", "x", "\u{e4}", "\u{1f980}", "%20", "%F0%9F%A6%80"] {
        let long = repeated(text, 9_000);
        let search =
            format!("limit=1&q={}&due_after=2020-01-01T00:00:00.{}Z", repeated(text, 1_500), "0".repeat(2_000));
        let signed_in = event("auth-sign-in-email/signed-in");
        for (function, event) in [
            ("auth-error", with_query(event("auth-error/error"), &format!("error={long}"))),
            ("auth-error", with_query(event("auth-error/error"), &format!("error=x&error_description={long}"))),
            ("fallback", with_path(event("fallback/route-not-found"), "GET", &format!("/api/{long}/tasks/"))),
            ("fallback", with_query(with_path(event("fallback/route-not-found"), "GET", &format!("{tasks}/")), &long)),
            ("tasks-list", with_query(event("tasks-list/tasks"), &search)),
            ("auth-sign-in-email", with_fields(signed_in.clone(), &json!({"callbackURL": format!("/{long}")}))),
            (
                "auth-sign-in-email",
                with_fields(signed_in, &json!({"callbackURL": format!("/{}", repeated(text, 1_999))})),
            ),
        ] {
            let answer = world.send_event(function, event).await;
            let headers = answer
                .headers
                .values()
                .map(lambda_http::http::HeaderValue::len)
                .chain(answer.cookies.iter().map(String::len));
            let bytes: usize = headers.sum();
            assert!(bytes <= 10_240 && answer.status < 500, "{function}, {text}: {}, {bytes} bytes", answer.status);
        }
    }
}
