use lambda_http::{
    Body,
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use super::{Request, tag};
use crate::{Error, domain::Origin};

/// What no URI holds as it is (RFC 3986, appendix A), beside what is not ASCII.
const NOT_IN_URIS: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// An answer: a status, headers and a body.
#[derive(Debug, Clone)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

/// An answer with a JSON body.
///
/// # Errors
/// [`Error::Internal`] if the value cannot be serialized.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Response, Error> {
    let body = serde_json::to_string(body).map_err(Error::internal)?;
    Ok(Response::new(status).with_body("application/json", body))
}

impl Response {
    /// An answer without a body.
    pub fn new(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Body::Empty }
    }

    /// The same answer with a body.
    #[must_use]
    pub fn with_body(mut self, media_type: &'static str, body: String) -> Self {
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        self.body = Body::Text(body);
        self
    }

    /// The same answer with a body that is compressed with gzip already.
    #[must_use]
    pub fn with_gzipped_body(mut self, media_type: &'static str, body: &[u8]) -> Self {
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        self.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        self.body = Body::Binary(body.to_vec());
        self
    }

    /// The same answer for whoever does not have it yet, to be kept by anybody for an hour: with an entity tag of its body, or
    /// without its body where the request names that tag (RFC 9110, section 13.1.2).
    #[must_use]
    pub fn kept_for_an_hour(mut self, request: &Request) -> Self {
        let tag = tag::of(&self.body);
        if request.header(header::IF_NONE_MATCH).is_some_and(|known| tag::is_known(known, &tag)) {
            self.status = StatusCode::NOT_MODIFIED;
            self.headers.remove(header::CONTENT_TYPE);
            self.headers.remove(header::CONTENT_ENCODING);
            self.body = Body::Empty;
        }
        self.with_header_if_valid(header::ETAG, &tag).with_static_header(header::CACHE_CONTROL, "public, max-age=3600")
    }

    /// The same answer with a header more.
    ///
    /// # Errors
    /// [`Error::Internal`] if the value cannot stand in a header.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Result<Self, Error> {
        self.headers.append(name, HeaderValue::from_str(value).map_err(Error::internal)?);
        Ok(self)
    }

    /// The same answer with a `Location`: a URL as people write it becomes a URI, which is ASCII.
    #[must_use]
    pub fn with_location(self, url: &str) -> Self {
        self.with_header_if_valid(header::LOCATION, &utf8_percent_encode(url, NOT_IN_URIS).to_string())
    }

    /// The same answer with a header more, of a value that can stand in one: what we make ourselves of tokens, names and
    /// numbers does.
    #[must_use]
    pub(crate) fn with_header_if_valid(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// The same answer with a fixed header more.
    #[must_use]
    pub fn with_static_header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.append(name, HeaderValue::from_static(value));
        self
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Adds what every answer has: no sniffing of media types, no referrer, https from now on, and no caching unless
    /// the endpoint has said otherwise, because nearly every answer holds a token or somebody's data.
    #[must_use]
    pub fn secured(mut self, own_origin: &Origin) -> Self {
        let headers = &mut self.headers;
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if own_origin.is_https() {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
        }
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        self
    }
}

impl From<Response> for ApiGatewayV2httpResponse {
    fn from(response: Response) -> Self {
        let mut headers = response.headers;
        // Payload 2.0 takes cookies as a list of their own: as headers, all but one would be lost.
        let cookies = headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned))
            .collect();
        headers.remove(header::SET_COOKIE);
        let mut event = Self::default();
        event.status_code = i64::from(response.status.as_u16());
        event.headers = headers;
        event.cookies = cookies;
        event.is_base64_encoded = matches!(response.body, Body::Binary(_));
        event.body = Some(response.body).filter(|body| !matches!(body, Body::Empty));
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_cookies_leave_as_a_list() {
        let response = Response::new(StatusCode::OK)
            .with_static_header(header::SET_COOKIE, "a=1")
            .with_static_header(header::SET_COOKIE, "b=2");
        let event = ApiGatewayV2httpResponse::from(response);
        assert_eq!(event.cookies, ["a=1", "b=2"]);
        assert!(event.headers.is_empty());
    }

    #[test]
    fn a_location_is_ascii() {
        for (url, location) in [
            ("/ä b", "/%C3%A4%20b"),
            ("/a%20b?c=d&e=[1]#f", "/a%20b?c=d&e=[1]#f"),
            ("/日\u{0}\"<>\\^`{|}", "/%E6%97%A5%00%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ] {
            let response = Response::new(StatusCode::FOUND).with_location(url);
            assert_eq!(response.headers.get(header::LOCATION).unwrap(), location);
        }
    }

    #[test]
    fn https_alone_promises_https() {
        let secured = |origin| Response::new(StatusCode::OK).secured(&Origin::parse(origin).unwrap()).headers;
        assert!(secured("https://a.example").contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert!(!secured("http://a.example").contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
