//! The API's description is that of the code, and every answer that these tests see is held to it (see [`crate::world`]).

use serde_json::Value;

use crate::generated;

#[test]
fn the_description_in_the_repository_is_that_of_the_code() {
    let document = functions::openapi::document().unwrap();
    let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    generated::hold_files([("functions/openapi.json".to_owned(), text)]);
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    let document = functions::openapi::document().unwrap();
    let references = references(&document);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads elsewhere"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
