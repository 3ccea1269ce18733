//! Bodies of the Better Auth dialect: a JSON value, a form on some routes, or nothing.

use serde_json::{Map, Value};

use super::{MAX_BODY_BYTES, Query, Request, redirect_target};
use crate::{Error, config::Config};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request. An empty one is none, whatever it is declared as.
///
/// # Errors
/// [`Error::UnsupportedMediaType`], [`Error::BodyTooLarge`] or [`Error::MalformedJson`].
pub(super) fn read(request: &Request, accepts_forms: bool) -> Result<Option<Value>, Error> {
    let body = request.body()?;
    if body.is_empty() {
        return Ok(None);
    }
    let declared = request.media_type();
    let is_form = accepts_forms && request.is_media_type(FORM);
    if !is_form && !request.is_media_type(JSON) {
        return Err(Error::UnsupportedMediaType {
            sent: declared.to_owned(),
            allowed: if accepts_forms { "application/x-www-form-urlencoded, application/json" } else { JSON },
        });
    }
    if body.len() > MAX_BODY_BYTES {
        return Err(Error::BodyTooLarge);
    }
    if is_form {
        let text = String::from_utf8_lossy(body);
        let fields: Map<String, Value> =
            Query::parse(&text).into_pairs().map(|(name, value)| (name, Value::String(value))).collect();
        return Ok(Some(Value::Object(fields)));
    }
    // Browsers' JSON parsers skip a byte order mark.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map(Some).map_err(|error| Error::MalformedJson(error.to_string()))
}

/// The fields that name where to go next, as they are called in bodies and in messages.
const REDIRECT_FIELDS: [(&str, &str); 4] = [
    ("callbackURL", "callbackURL"),
    ("redirectTo", "redirectURL"),
    ("errorCallbackURL", "errorCallbackURL"),
    ("newUserCallbackURL", "newUserCallbackURL"),
];

/// Refuses a body that names an untrusted place to go next.
///
/// # Errors
/// [`Error::RedirectUntrusted`] or [`Error::RedirectNotText`].
pub(super) fn check_redirects(request: &Request, body: Option<&Value>, config: &Config) -> Result<(), Error> {
    for (field, label) in REDIRECT_FIELDS {
        let in_body = body.and_then(|body| body.get(field)).filter(|value| is_truthy(value));
        let in_query = || request.query().get(field).filter(|_| field == "callbackURL").map(str::to_owned);
        let target = match in_body {
            Some(Value::String(target)) => target.clone(),
            Some(_) => return Err(Error::RedirectNotText(label)),
            None => match in_query() {
                Some(target) if !target.is_empty() => target,
                _ => continue,
            },
        };
        if !redirect_target::is_trusted(&target, &request.own_origin, &config.trusted_origins) {
            return Err(Error::RedirectUntrusted(label));
        }
    }
    Ok(())
}

/// Whether JavaScript takes a value for true.
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    }
}
