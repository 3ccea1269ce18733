//! Bodies: what a schema asks for, and what it does not.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::{
    credentials::Credentials,
    texts::{damaged, text},
};

/// A value of a schema, or nearly so.
pub fn value(schema: &Value, schemas: &Value, credentials: &Credentials, random: &mut Rng) -> Value {
    if random.u8(0..12) == 0 {
        return anything(random, 3);
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/")) {
        return value(&schemas[name], schemas, credentials, random);
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        if let Some(choices) = schema[choice].as_array() {
            return value(&choices[random.usize(..choices.len())], schemas, credentials, random);
        }
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices[random.usize(..choices.len())].clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let mut object = Map::new();
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                let value = if name == "token" && random.bool() {
                    json!(credentials.token(random))
                } else if let Some(example) = schema["examples"][0].as_str().filter(|_| random.bool()) {
                    json!(example)
                } else {
                    value(schema, schemas, credentials, random)
                };
                if random.u8(0..8) != 0 {
                    object.insert(name.clone(), value);
                }
            }
            if let (Some(example), 0..=2) = (schema["examples"][0].as_object(), random.u8(0..6)) {
                object = example.clone();
            }
            if random.u8(0..4) == 0 {
                object.insert(text(random), anything(random, 2));
            }
            Value::Object(object)
        }
        Some("boolean") => json!(random.bool()),
        Some("integer" | "number") => json!(random.i64(..)),
        Some("null") => Value::Null,
        _ => json!(text(random)),
    }
}

/// Any JSON.
fn anything(random: &mut Rng, depth: u8) -> Value {
    match random.u8(0..if depth == 0 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.i64(..)),
        3 => json!(random.f64() * 1e300),
        4 => json!(text(random)),
        5 => (0..random.usize(0..4)).map(|_| anything(random, depth - 1)).collect(),
        _ => Value::Object((0..random.usize(0..4)).map(|_| (text(random), anything(random, depth - 1))).collect()),
    }
}

/// Sets the body of an event: JSON as it is, damaged, in another form, or no JSON at all.
pub fn set(event: &mut Value, body: &Value, random: &mut Rng) {
    let json_text = body.to_string();
    let sent = match random.u8(0..16) {
        0..=8 => json_text,
        9 => damaged(&json_text, random),
        10 => format!("\u{feff}{json_text}"),
        11 => form(body, random),
        12 => "[".repeat(random.usize(100..200)) + &"]".repeat(100),
        13 => json_text.replace('"', "\\ud800\""),
        14 => format!(
            "{{\"padding\": \"{}\", {}",
            "x".repeat(random.usize(60_000..70_000)),
            json_text.trim_start_matches('{')
        ),
        _ => text(random),
    };
    match random.u8(0..12) {
        0 => {
            use base64::{Engine, prelude::BASE64_STANDARD};
            let mut bytes = sent.into_bytes();
            if let (false, true) = (bytes.is_empty(), random.bool()) {
                let at = random.usize(..bytes.len());
                bytes[at] = random.u8(..);
            }
            event["body"] = json!(BASE64_STANDARD.encode(bytes));
            event["isBase64Encoded"] = json!(true);
        }
        1 => {
            event["body"] = json!(sent);
            event["isBase64Encoded"] = json!(true);
        }
        2 => {}
        _ => event["body"] = json!(sent),
    }
}

fn form(body: &Value, random: &mut Rng) -> String {
    let fields = body.as_object().into_iter().flatten();
    let pairs: Vec<_> = fields.map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default())).collect();
    pairs.join("&") + &text(random)
}
