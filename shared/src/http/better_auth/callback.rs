use lambda_http::http::{StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::is_trusted_redirect;
use crate::{
    Error,
    config::Config,
    error::{BetterAuthRefusal, Violation},
    http::{Request, Response},
};

/// The refusal of a place that is not trusted.
pub const INVALID_CALLBACK_URL: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::FORBIDDEN,
    code: Some("INVALID_CALLBACK_URL"),
    message: "Invalid callbackURL",
};

/// Where a link in a mail leads on to: a path of this site, or an address of a trusted origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback(String);

impl Callback {
    /// The `callbackURL` of a query in which it has to be.
    ///
    /// # Errors
    /// [`Error::Validation`] without one, or that it is not trusted.
    pub fn required(request: &Request, config: &Config) -> Result<Self, Error> {
        let Some(url) = request.query().get("callbackURL").map(str::to_owned) else {
            return Err(missing(&["callbackURL"]));
        };
        Self::checked(url, request, config)
    }

    /// The `token` of a query, in which it has to be, and the `callbackURL`, if there is one.
    ///
    /// # Errors
    /// [`Error::Validation`] without a token, or that the place is not trusted.
    pub fn with_token(request: &Request, config: &Config) -> Result<(String, Option<Self>), Error> {
        let query = request.query();
        let Some(token) = query.get("token") else { return Err(missing(&["token"])) };
        let callback = match query.get("callbackURL").filter(|url| !url.is_empty()) {
            Some(url) => Some(Self::checked(url.to_owned(), request, config)?),
            None => None,
        };
        Ok((token.to_owned(), callback))
    }

    fn checked(url: String, request: &Request, config: &Config) -> Result<Self, Error> {
        if url.is_empty() || is_trusted_redirect(&url, request, config) {
            Ok(Self(url))
        } else {
            Err(Error::from(&INVALID_CALLBACK_URL))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it leads nowhere.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The address with more parameters in its query, in front of its fragment.
    fn with(&self, parameters: &[(&str, &str)]) -> String {
        let (url, fragment) = self.0.split_once('#').map_or((self.0.as_str(), None), |(url, rest)| (url, Some(rest)));
        let mut url = url.to_owned();
        for (name, value) in parameters {
            let separator = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{separator}{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC_BUT_TOKENS)));
        }
        if let Some(fragment) = fragment {
            url.push('#');
            url.push_str(fragment);
        }
        url
    }
}

/// What tokens and codes are made of stays as it is.
const NON_ALPHANUMERIC_BUT_TOKENS: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Sends a browser on from a link, with more parameters in the query.
pub fn redirect_to_callback(callback: &Callback, parameters: &[(&str, &str)]) -> Response {
    redirect(&callback.with(parameters))
}

/// The same from a link of which a path is resolved against this API's origin.
pub fn redirect_to_absolute_callback(request: &Request, callback: &Callback, parameters: &[(&str, &str)]) -> Response {
    let url = callback.with(parameters);
    redirect(&if url.starts_with('/') { format!("{}{url}", request.own_origin.as_str()) } else { url })
}

fn redirect(location: &str) -> Response {
    Response::new(StatusCode::FOUND)
        .with_static_header(header::CONTENT_TYPE, "application/json")
        .with_location(location)
}

/// Sends a browser to the page that shows an error, for want of another.
pub fn error_page(request: &Request, code: &str) -> Response {
    redirect(&format!("{}/api/auth/error?error={code}", request.own_origin.as_str()))
}

/// What the library of that server says of a parameter that is not there.
fn missing(names: &[&str]) -> Error {
    let violation = |name: &&str| Violation {
        pointer: format!("?{name}"),
        detail: "Invalid input: expected string, received undefined".to_owned(),
    };
    Error::Validation(names.iter().map(violation).collect())
}
