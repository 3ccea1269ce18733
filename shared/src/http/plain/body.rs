use serde_json::{Map, Value};

use crate::{
    Error,
    domain::Invalid,
    http::{Violations, json_reader},
};

/// The fields of a JSON object, taken one by one.
///
/// Each taker notes what is wrong and goes on, so that [`Fields::finish`] reports everything at once. A taker answers
/// `None` where there is no usable value; after a `finish` without violations every required value is there.
#[derive(Debug)]
pub struct Fields {
    object: Map<String, Value>,
    violations: Violations,
}

impl Fields {
    /// Parses a JSON object.
    ///
    /// # Errors
    /// [`Error::BodyEmpty`], [`Error::NestedTooDeeply`] or [`Error::MalformedJson`] if the bytes are not JSON,
    /// [`Error::Validation`] if they are not an object.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        match json_reader::read(bytes)? {
            Value::Object(object) => Ok(Self { object, violations: Violations::default() }),
            _ => {
                let mut violations = Violations::default();
                violations.note_whole("The request body must be a JSON object.");
                violations.finish(None)
            }
        }
    }

    /// A text that must be there.
    pub fn required<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        match self.object.get(name) {
            None => {
                self.violations.note(name, format!("The {name} is required."));
                None
            }
            Some(_) => self.text(name, parse),
        }
    }

    /// A text that may be absent or null.
    pub fn optional<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        match self.object.get(name) {
            None | Some(Value::Null) => None,
            Some(_) => self.text(name, parse),
        }
    }

    /// A text that may be absent, but not null.
    pub fn unless_absent<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        self.object.get(name)?;
        self.text(name, parse)
    }

    /// A text that may be absent (`None`) or null (`Some(None)`).
    pub fn clearable<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<Option<T>> {
        match self.object.get(name)? {
            Value::Null => Some(None),
            _ => self.text(name, parse).map(Some),
        }
    }

    /// `true` or `false`; may be absent, but not null.
    pub fn boolean_unless_absent(&mut self, name: &str) -> Option<bool> {
        match self.object.get(name)? {
            Value::Bool(value) => Some(*value),
            _ => {
                self.violations.note(name, format!("The {name} must be true or false."));
                None
            }
        }
    }

    /// The value made of the fields taken, if nothing was wrong with them.
    ///
    /// # Errors
    /// [`Error::Validation`] with everything that was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        self.violations.finish(value)
    }

    fn text<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let parsed = match self.object.get(name) {
            Some(Value::String(text)) => parse(text),
            _ => Err(format!("The {name} must be a string.").into()),
        };
        self.violations.keep(name, parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Description, Title};

    fn violations(error: Error) -> Vec<String> {
        match error {
            Error::Validation(violations) => violations.into_iter().map(|v| v.pointer).collect(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn reports_everything_at_once() {
        let mut fields = Fields::parse(br#"{"title": " ", "description": 5, "completed": null}"#).unwrap();
        let title = fields.required("title", Title::parse);
        fields.clearable("description", Description::parse);
        fields.boolean_unless_absent("completed");
        assert_eq!(violations(fields.finish(title).unwrap_err()), ["/title", "/description", "/completed"]);
    }

    #[test]
    fn tells_absent_from_null() {
        let mut fields = Fields::parse(br#"{"description": null, "title": null}"#).unwrap();
        assert_eq!(fields.clearable("description", Description::parse), Some(None));
        assert_eq!(fields.clearable("due_date", Description::parse), None);
        assert_eq!(fields.optional("title", Title::parse), None);
        assert_eq!(fields.unless_absent("title", Title::parse), None);
        assert_eq!(violations(fields.finish(Some(())).unwrap_err()), ["/title"]);
    }

    #[test]
    fn what_is_no_object_is_invalid_as_a_whole() {
        assert_eq!(violations(Fields::parse(b"[]").unwrap_err()), [""]);
    }
}
