//! Bodies of the Better Auth dialect: a JSON value, a form on some routes, or nothing.

use lambda_http::http::StatusCode;
use serde_json::{Map, Value};

use super::is_trusted_redirect;
use crate::{
    Error,
    config::Config,
    error::BetterAuthRefusal,
    http::{MAX_BODY_BYTES, Query, Request, json_reader},
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request. An empty one is none, whatever it is declared as.
///
/// # Errors
/// [`Error::UnsupportedMediaType`], [`Error::BodyTooLarge`], or that the body is no JSON.
pub(in crate::http) fn read(request: &Request, accepts_forms: bool) -> Result<Option<Value>, Error> {
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
    json_reader::read(body).map(Some)
}

/// A field that names where to go next.
struct RedirectField {
    /// What it is called in bodies.
    name: &'static str,
    /// It is no text.
    not_text: BetterAuthRefusal,
    /// It leads to a place that is not trusted.
    untrusted: BetterAuthRefusal,
}

const fn redirect_field(
    name: &'static str,
    code: &'static str,
    untrusted: &'static str,
    not_text: &'static str,
) -> RedirectField {
    RedirectField {
        name,
        not_text: BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: None, message: not_text },
        untrusted: BetterAuthRefusal { status: StatusCode::FORBIDDEN, code: Some(code), message: untrusted },
    }
}

static REDIRECT_FIELDS: [RedirectField; 4] = [
    redirect_field(
        "callbackURL",
        "INVALID_CALLBACK_URL",
        "Invalid callbackURL",
        "Invalid callbackURL: expected a string",
    ),
    redirect_field(
        "redirectTo",
        "INVALID_REDIRECT_URL",
        "Invalid redirectURL",
        "Invalid redirectURL: expected a string",
    ),
    redirect_field(
        "errorCallbackURL",
        "INVALID_ERROR_CALLBACK_URL",
        "Invalid errorCallbackURL",
        "Invalid errorCallbackURL: expected a string",
    ),
    redirect_field(
        "newUserCallbackURL",
        "INVALID_NEW_USER_CALLBACK_URL",
        "Invalid newUserCallbackURL",
        "Invalid newUserCallbackURL: expected a string",
    ),
];

/// Every way in which a place to go next can be refused.
pub fn redirect_refusals() -> impl Iterator<Item = &'static BetterAuthRefusal> {
    REDIRECT_FIELDS.iter().flat_map(|field| [&field.not_text, &field.untrusted])
}

/// Refuses a body that names an untrusted place to go next.
///
/// # Errors
/// That the place is not trusted, or is no text.
pub(in crate::http) fn check_redirects(request: &Request, body: Option<&Value>, config: &Config) -> Result<(), Error> {
    for field in &REDIRECT_FIELDS {
        let in_body = body.and_then(|body| body.get(field.name)).filter(|value| is_truthy(value));
        let in_query = || if field.name == "callbackURL" { values_in_query(request, field.name) } else { Vec::new() };
        let target = match in_body {
            Some(Value::String(target)) => target.clone(),
            Some(_) => return Err(Error::from(&field.not_text)),
            None => match <[String; 1]>::try_from(in_query()) {
                Ok([target]) if !target.is_empty() => target,
                // To that server, several values are a list.
                Err(values) if !values.is_empty() => return Err(Error::from(&field.not_text)),
                _ => continue,
            },
        };
        if !is_trusted_redirect(&target, request, config) {
            return Err(Error::from(&field.untrusted));
        }
    }
    Ok(())
}

fn values_in_query(request: &Request, name: &str) -> Vec<String> {
    request.query().into_pairs().filter(|(key, _)| key == name).map(|(_, value)| value).collect()
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
