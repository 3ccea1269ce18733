use serde_json::{Map, Value, json};

use super::Typed;

/// The fields of a request's body, in the words of what takes them.
#[derive(Debug)]
pub(crate) struct Fields {
    pub(super) name: &'static str,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
    one_of: Vec<String>,
    example: Value,
    pub(super) components: Map<String, Value>,
}

impl Fields {
    /// A body of that name, without a field, and one that is taken.
    pub(crate) fn new(name: &'static str, example: Value) -> Self {
        Self { name, properties: Map::new(), required: Vec::new(), one_of: Vec::new(), example, components: Map::new() }
    }

    /// A field that must be there.
    pub(crate) fn required(mut self, name: &'static str, value: Typed) -> Self {
        self.required.push(name);
        self.unless_absent(name, value)
    }

    /// A field that may be absent, but not null.
    pub(crate) fn unless_absent(mut self, name: &'static str, value: Typed) -> Self {
        self.properties.insert(name.to_owned(), value.schema);
        self.components.extend(value.components);
        self
    }

    /// A field that may be absent or null.
    pub(crate) fn optional(self, name: &'static str, value: Typed) -> Self {
        self.unless_absent(name, value.or_null())
    }

    /// At least one of those so far must be there.
    pub(crate) fn at_least_one(self) -> Self {
        Self { one_of: self.properties.keys().cloned().collect(), ..self }
    }

    /// The fields that a form can have: its values are texts.
    pub(super) fn schema_of_form(&self) -> Value {
        let mut schema = self.schema();
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|_, value| value.get("type") != Some(&json!("boolean")));
        }
        schema
    }

    pub(super) fn schema(&self) -> Value {
        let mut schema = json!({"type": "object", "properties": self.properties, "examples": [self.example]});
        if let Some(schema) = schema.as_object_mut() {
            if !self.required.is_empty() {
                schema.insert("required".to_owned(), json!(self.required));
            }
            if !self.one_of.is_empty() {
                let each: Vec<_> = self.one_of.iter().map(|name| json!({"required": [name]})).collect();
                schema.insert("anyOf".to_owned(), json!(each));
            }
        }
        schema
    }
}
