//! Comparing JSON with what is expected of it.

use serde_json::Value;

/// Says where `actual` lacks what `expected` has. Objects may have more members than expected, everything else is equal.
pub fn difference(actual: &Value, expected: &Value) -> Option<String> {
    differs("", actual, expected)
}

fn differs(pointer: &str, actual: &Value, expected: &Value) -> Option<String> {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => expected.iter().find_map(|(name, expected)| {
            let pointer = format!("{pointer}/{name}");
            match actual.get(name) {
                None => Some(format!("{pointer} is missing")),
                Some(actual) => differs(&pointer, actual, expected),
            }
        }),
        (Value::Array(actual), Value::Array(expected)) if actual.len() == expected.len() => {
            let mut pairs = actual.iter().zip(expected).enumerate();
            pairs.find_map(|(index, (actual, expected))| differs(&format!("{pointer}/{index}"), actual, expected))
        }
        _ if actual == expected => None,
        _ => Some(format!("{pointer} is {actual}, not {expected}")),
    }
}
