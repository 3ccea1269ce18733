use serde_json::Value;

use crate::{
    Error,
    domain::{Email, has_control_characters},
    http::{Request, Violations},
};

/// The most bytes of a URL to go to. In a header they become up to three times as many, and API Gateway passes 10,240 bytes of
/// headers; in a mail, somebody has to be able to copy them.
pub const REDIRECT_BYTES: usize = 2000;

/// The fields of a Better Auth body, taken one by one, with that server's words (those of the library zod) for what is
/// wrong. Like [`Fields`](crate::http::plain::Fields) it reports everything at once, in the order in which fields are taken.
#[derive(Debug)]
pub struct Payload<'a> {
    body: Option<&'a Value>,
    violations: Violations,
}

impl<'a> Payload<'a> {
    /// A body that has to be an object.
    pub fn object(request: &'a Request) -> Self {
        Self::of_kinds(request, &["object"])
    }

    /// A body that has to be a record, as that server calls an object of any fields.
    pub fn record(request: &'a Request) -> Self {
        Self::of_kinds(request, &["record"])
    }

    /// A body that has to be both, as one route says it.
    pub fn object_and_record(request: &'a Request) -> Self {
        Self::of_kinds(request, &["object", "record"])
    }

    /// A body that may be missing, but has to be an object if it is there.
    pub fn optional_object(request: &'a Request) -> Self {
        match request.payload() {
            None => Self { body: None, violations: Violations::default() },
            Some(_) => Self::object(request),
        }
    }

    fn of_kinds(request: &'a Request, kinds: &[&str]) -> Self {
        let body = request.payload();
        if let Some(Value::Object(_)) = body {
            return Self { body, violations: Violations::default() };
        }
        let mut violations = Violations::default();
        for kind in kinds {
            violations.note_whole(format!("Invalid input: expected {kind}, received {}", kind_of(body)));
        }
        Self { body: None, violations }
    }

    /// The value of a field, whatever it is.
    pub fn any(&self, name: &str) -> Option<&'a Value> {
        self.body.and_then(|body| body.get(name))
    }

    /// A text.
    pub fn string(&mut self, name: &str) -> Option<&'a str> {
        match self.any(name) {
            Some(Value::String(text)) => Some(text),
            other => self.refuse_kind(name, "string", other),
        }
    }

    /// What [`Payload::short_string`] takes, or nothing.
    pub fn optional_short_string(&mut self, name: &str, max: usize) -> Option<&'a str> {
        self.any(name)?;
        self.short_string(name, max)
    }

    /// A URL or any other text of at most `max` bytes that can be shown, which may be absent.
    pub fn optional_url(&mut self, name: &str, max: usize) -> Option<&'a str> {
        self.any(name)?;
        let text = self.string(name)?;
        if text.len() > max {
            return self.refuse(name, format!("Too big: expected string to have <={max} characters"));
        }
        if text.contains(char::is_control) {
            return self.refuse(name, "Invalid URL".to_owned());
        }
        Some(text)
    }

    /// Where to go next, of at most [`REDIRECT_BYTES`] bytes, which may be absent.
    pub fn redirect(&mut self, name: &str) -> Option<&'a str> {
        self.optional_url(name, REDIRECT_BYTES)
    }

    /// A text that people read, of at most `max` characters, none of which is a control character but those that are typed.
    pub fn short_string(&mut self, name: &str, max: usize) -> Option<&'a str> {
        let text = self.string(name)?;
        if text.chars().count() > max {
            return self.refuse(name, format!("Too big: expected string to have <={max} characters"));
        }
        if has_control_characters(text) {
            return self.refuse(name, "Invalid string: must not include control characters".to_owned());
        }
        Some(text)
    }

    /// A text that is not empty.
    pub fn non_empty_string(&mut self, name: &str) -> Option<&'a str> {
        match self.string(name)? {
            "" => self.refuse(name, "Too small: expected string to have >=1 characters".to_owned()),
            text => Some(text),
        }
    }

    /// An e-mail address.
    pub fn email(&mut self, name: &str) -> Option<Email> {
        let text = self.string(name)?;
        Email::parse(text).ok().or_else(|| self.refuse(name, "Invalid email address".to_owned()))
    }

    /// A text that may be absent.
    pub fn optional_string(&mut self, name: &str) -> Option<&'a str> {
        self.any(name)?;
        self.string(name)
    }

    /// `true` or `false`; may be absent.
    pub fn optional_boolean(&mut self, name: &str) -> Option<bool> {
        match self.any(name)? {
            Value::Bool(value) => Some(*value),
            other => self.refuse_kind(name, "boolean", Some(other)),
        }
    }

    /// The value made of the fields taken, if nothing was wrong with them.
    ///
    /// # Errors
    /// [`Error::Validation`] with everything that was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        self.violations.finish(value)
    }

    fn refuse_kind<T>(&mut self, name: &str, expected: &str, received: Option<&Value>) -> Option<T> {
        // Without a body that has fields, that alone is what is wrong.
        self.body?;
        self.refuse(name, format!("Invalid input: expected {expected}, received {}", kind_of(received)))
    }

    fn refuse<T>(&mut self, name: &str, detail: String) -> Option<T> {
        self.violations.note(name, detail);
        None
    }
}

/// What JavaScript calls a value.
fn kind_of(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}
