//! Holds every answer that a test sees to the API's description: its status, its headers, its media type and its body.
//!
//! Clients of the description may meet more fields than it names, so that fields can be added. Here they may not: what is
//! answered is described.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// What every answer may have, of the function, of the gateway and of what is in front of them.
const EVERYWHERE: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "age",
    "alt-svc",
    "apigw-requestid",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "referrer-policy",
    "server",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-cache",
    "x-content-type-options",
];

/// Schemas that each answer narrows to its status.
const NARROWED: [&str; 2] = ["BetterAuthError", "Problem"];

/// What an operation may answer with one status.
struct Described {
    headers: BTreeSet<String>,
    /// By media type. Without any there is no body; without a validator it is no JSON.
    bodies: BTreeMap<String, Option<Validator>>,
}

/// By method, path as the template has it, and status.
static DESCRIBED: LazyLock<BTreeMap<(String, String, u16), Described>> = LazyLock::new(|| {
    let document = functions::openapi::document().unwrap();
    let schemas = closed(&document["components"]["schemas"]);
    let mut all = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let reference = answer["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
                let answer = reference.map_or(answer, |pointer| document.pointer(pointer).unwrap());
                let headers = answer["headers"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
                let content = answer["content"].as_object().into_iter().flatten();
                let bodies = content.map(|(media_type, content)| {
                    let is_json = media_type.ends_with("json");
                    (media_type.clone(), is_json.then(|| validator(&content["schema"], &schemas)))
                });
                let key = (method.to_uppercase(), path.clone(), status.parse().unwrap());
                all.insert(key, Described { headers, bodies: bodies.collect() });
            }
        }
    }
    all
});

/// What is answered where there is no operation: a problem, a refusal of the other dialect, or nothing.
static ELSEWHERE: LazyLock<BTreeMap<String, Option<Validator>>> = LazyLock::new(|| {
    let document = functions::openapi::document().unwrap();
    let schemas = closed(&document["components"]["schemas"]);
    let of = |name: &str| validator(&json!({"allOf": [{"$ref": format!("#/components/schemas/{name}")}]}), &schemas);
    [("application/problem+json", "Problem"), ("application/json", "BetterAuthError")]
        .map(|(media_type, name)| (media_type.to_owned(), Some(of(name))))
        .into()
});

/// The schemas, each with the fields that it names and no others.
fn closed(schemas: &Value) -> Value {
    let mut closed = schemas.clone();
    for (name, schema) in closed.as_object_mut().unwrap() {
        if !NARROWED.contains(&name.as_str()) {
            close(schema);
        }
    }
    closed
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("allOf") {
                members.insert("unevaluatedProperties".to_owned(), json!(false));
                return;
            }
            if members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn validator(schema: &Value, schemas: &Value) -> Validator {
    let mut schema = schema.clone();
    close(&mut schema);
    schema["components"] = json!({"schemas": schemas});
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

/// An answer, as whoever asked has it.
pub struct Seen<'a> {
    pub status: u16,
    pub media_type: Option<&'a str>,
    /// The names of its headers.
    pub headers: BTreeSet<String>,
    pub body: &'a [u8],
}

/// Says what the description does not have of an answer to this method and path, as it was sent or as the template has it.
pub fn complaint(method: &str, path: &str, seen: &Seen<'_>) -> Option<String> {
    let template = template_of(path);
    let Some(described) = DESCRIBED.get(&(method.to_owned(), template.to_owned(), seen.status)) else {
        if DESCRIBED.keys().any(|(own_method, own_path, _)| own_method == method && own_path == template) {
            return Some(format!("{method} {template} is not described to answer {}", seen.status));
        }
        return body_complaint(&ELSEWHERE, seen).map(|complaint| format!("{method} {path}: {complaint}"));
    };
    let mut unknown = seen.headers.iter().filter(|name| !EVERYWHERE.contains(&name.as_str()));
    let complaint = match unknown.find(|name| !described.headers.contains(*name)) {
        Some(name) => Some(format!("the header {name} is not described")),
        None => body_complaint(&described.bodies, seen),
    };
    complaint.map(|complaint| format!("{method} {template}, {}: {complaint}", seen.status))
}

/// The template that a path has the form of, of several the one with the fewest parameters, as the gateway chooses.
fn template_of(path: &str) -> &str {
    let fits = |template: &&str| {
        let (expected, sent): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        let mut segments = expected.iter().zip(&sent);
        expected.len() == sent.len()
            && segments.all(|(expected, sent)| expected == sent || expected.starts_with('{') && !sent.is_empty())
    };
    let templates = DESCRIBED.keys().map(|(_, template, _)| template.as_str()).filter(fits);
    templates.min_by_key(|template| template.matches('{').count()).unwrap_or(path)
}

fn body_complaint(bodies: &BTreeMap<String, Option<Validator>>, seen: &Seen<'_>) -> Option<String> {
    if seen.body.is_empty() {
        return None;
    }
    let media_type = seen.media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let Some(validator) = bodies.get(media_type) else {
        return Some(format!("a body of the type `{media_type}` is not described"));
    };
    let validator = validator.as_ref()?;
    let body: Value = match serde_json::from_slice(seen.body) {
        Ok(body) => body,
        Err(error) => return Some(format!("the body is no JSON: {error}")),
    };
    let complaints: Vec<_> =
        validator.iter_errors(&body).map(|error| format!("{error} at `{}`", error.instance_path())).collect();
    let shown: String = complaints.join("; ").chars().take(2000).collect();
    (!complaints.is_empty()).then_some(shown)
}
