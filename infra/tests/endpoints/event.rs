//! Events as the gateway makes them: those of `events/`, and others that are made of them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::case;

/// Where the events are.
pub fn directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events"))
}

/// The function that an event is for.
pub fn function_of(name: &str) -> &str {
    name.split_once('/').unwrap_or_else(|| panic!("{name} is not of the form function/event")).0
}

/// A file of `events/`, named as `auth-login/logged-in`.
pub fn kept(name: &str) -> Option<Value> {
    let path = directory().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// An event by its name: a file of `events/`, or what the row of that name in the table of cases makes of one.
pub fn event(name: &str) -> Value {
    kept(name).or_else(|| case::made(name)).unwrap_or_else(|| panic!("neither events/ nor a row has {name}"))
}

/// The same event with another body, byte for byte.
pub fn with_raw_body(mut event: Value, body: &str) -> Value {
    event["body"] = json!(body);
    event["isBase64Encoded"] = json!(false);
    if let Some(length) = event["headers"].get_mut("content-length") {
        *length = json!(body.len().to_string());
    }
    event
}

/// The same event with another body.
pub fn with_body(event: Value, body: &Value) -> Value {
    with_raw_body(event, &body.to_string())
}

/// The same event with other values of these fields of its body.
pub fn with_fields(event: Value, fields: &Value) -> Value {
    let mut body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    with_body(event, &body)
}

/// The same event with another header.
pub fn with_header(mut event: Value, name: &str, value: &str) -> Value {
    event["headers"][name] = json!(value);
    event
}

/// The same event without a header.
pub fn without_header(mut event: Value, name: &str) -> Value {
    event["headers"].as_object_mut().unwrap().remove(name);
    event
}

/// The same event with another bearer token.
pub fn with_bearer(event: Value, token: &str) -> Value {
    with_header(event, "authorization", &format!("Bearer {token}"))
}

/// The same event with one cookie more.
pub fn with_cookie(mut event: Value, cookie: &str) -> Value {
    let cookies = event["cookies"].as_array().cloned().unwrap_or_default();
    event["cookies"] = cookies.into_iter().chain([json!(cookie)]).collect();
    event
}

/// The same event with its cookies as a gateway sends them that leaves them among the headers, with an empty list beside it.
pub fn with_cookies_as_header(mut event: Value) -> Value {
    let cookies: Vec<_> = event["cookies"].as_array().unwrap().iter().map(|cookie| cookie.as_str().unwrap()).collect();
    let header = cookies.join("; ");
    event["cookies"] = json!([]);
    with_header(event, "cookie", &header)
}

/// The same event without cookies.
pub fn without_cookies(mut event: Value) -> Value {
    event.as_object_mut().unwrap().remove("cookies");
    event
}

/// The same event with the cookie of another session, as it is called over http and over https, and no other cookie.
pub fn with_session_cookie(event: Value, token: &str) -> Value {
    ["", "__Secure-"].into_iter().fold(without_cookies(event), |event, prefix| {
        with_cookie(event, &format!("{prefix}better-auth.session_token={token}"))
    })
}

/// The same event with another query string.
pub fn with_query(mut event: Value, query: &str) -> Value {
    event["rawQueryString"] = json!(query);
    event.as_object_mut().unwrap().remove("queryStringParameters");
    event
}

/// The same event for another method and path, which it has the route of.
pub fn with_path(mut event: Value, method: &str, path: &str) -> Value {
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["path"] = json!(path);
    event["requestContext"]["http"]["method"] = json!(method);
    event
}

/// The same event with another value of a path parameter.
pub fn with_path_parameter(mut event: Value, name: &str, value: &str) -> Value {
    event["pathParameters"][name] = json!(value);
    let (method, route) = event["routeKey"].as_str().unwrap().split_once(' ').unwrap();
    let (method, mut path) = (method.to_owned(), route.to_owned());
    for (name, value) in event["pathParameters"].as_object().unwrap() {
        path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap());
    }
    with_path(event, &method, &path)
}

/// The same event for a task of another id.
pub fn with_task(event: Value, task_id: &Value) -> Value {
    with_path_parameter(event, "task_id", &task_id.to_string())
}
