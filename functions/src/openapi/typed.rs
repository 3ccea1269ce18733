use serde_json::{Map, Value, json};
use shared::domain::WITHOUT_CONTROL_CHARACTERS;
use utoipa::ToSchema;

/// The schema of a value, with the schemas that it refers to.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(super) schema: Value,
    pub(super) components: Map<String, Value>,
}

/// The schema of a type, by its name.
pub(crate) fn of<T: ToSchema>() -> Typed {
    let mut referred = Vec::new();
    T::schemas(&mut referred);
    referred.push((T::name().into_owned(), T::schema()));
    let components = referred.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    Typed { schema: json!({"$ref": format!("#/components/schemas/{}", T::name())}), components }
}

impl Typed {
    /// A schema that refers to no other.
    pub(crate) fn new(schema: Value) -> Self {
        Self { schema, components: Map::new() }
    }

    /// A text of at least and at most so many characters.
    pub(crate) fn text(min: usize, max: usize) -> Self {
        Self::new(json!({"type": "string", "minLength": min, "maxLength": max}))
    }

    /// A text that people read, of at most so many characters.
    pub(crate) fn readable(max: usize) -> Self {
        Self::new(json!({"type": "string", "maxLength": max, "pattern": WITHOUT_CONTROL_CHARACTERS}))
    }

    /// A URL or any other text that can be shown, of at most so many bytes.
    pub(crate) fn url(max: usize) -> Self {
        Self::new(json!({"type": "string", "maxLength": max, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}))
    }

    /// A list of such values.
    pub(crate) fn list(self) -> Self {
        Self { schema: json!({"type": "array", "items": self.schema}), ..self }
    }

    /// Such a value, or another.
    pub(crate) fn or(self, other: Self) -> Self {
        let components = self.components.into_iter().chain(other.components).collect();
        Self { schema: json!({"anyOf": [self.schema, other.schema]}), components }
    }

    /// Such a value, or `null`.
    pub(crate) fn or_null(self) -> Self {
        Self { schema: json!({"anyOf": [self.schema, {"type": "null"}]}), ..self }
    }
}
