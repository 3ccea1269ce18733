use crate::{Error, domain::Invalid, error::Violation};

/// What is wrong with a request, collected while its values are taken one by one, so that all of it is reported at once.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes what is wrong with the value called `name`.
    pub fn note(&mut self, name: &str, invalid: impl Into<Invalid>) {
        self.0.push(Violation::at(name, invalid.into()));
    }

    /// Notes what is wrong with the whole.
    pub fn note_whole(&mut self, detail: impl Into<String>) {
        self.0.push(Violation { pointer: String::new(), detail: detail.into() });
    }

    /// The value parsed, or `None` and a note of why there is none.
    pub fn keep<T>(&mut self, name: &str, parsed: Result<T, Invalid>) -> Option<T> {
        parsed.map_err(|invalid| self.note(name, invalid)).ok()
    }

    /// The value made of everything taken, if nothing was wrong with it.
    ///
    /// # Errors
    /// [`Error::Validation`] with everything that was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::Validation(self.0)),
        }
    }
}
