use std::{borrow::Cow, collections::HashMap};

use base64::{Engine, prelude::BASE64_STANDARD};
use lambda_http::{
    aws_lambda_events::apigw::ApiGatewayV2httpRequest,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
};

use serde_json::Value;

use super::{Query, cookies, plain::Fields, viewer::Viewer};
use crate::{Error, config::Config, domain::Origin};

/// The most bytes a request body may have. API Gateway itself takes up to 10 MB.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// A request as API Gateway's payload format 2.0 brings it.
///
/// It is made from the event by hand because the conversion of `lambda_http` builds a URI and decodes the body with
/// `expect`, and both come from the client: a request must not be able to end the process.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
#[derive(Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, with the stage if there is one.
    pub path: String,
    /// The address of the client as the gateway saw it, or the distribution in front of it; empty when unknown.
    pub source_ip: String,
    /// The gateway's id of this request; empty when there is no gateway.
    pub id: String,
    /// The API's own origin: `BASE_URL`, or what the distribution in front says, or else the gateway. Never taken from a header
    /// that a client can write.
    pub own_origin: Origin,
    /// The origin of the web application that shares an address with the API, if the request came there.
    pub site_origin: Option<Origin>,
    /// Whether the request came through the distribution in front of the API.
    pub is_through_distribution: bool,
    /// The domain whose hosts see the cookies of the answer; without one, only the host that is asked.
    pub cookie_domain: Option<String>,
    headers: HeaderMap,
    cookies: Vec<String>,
    raw_query: String,
    path_parameters: HashMap<String, String>,
    body: Result<Vec<u8>, base64::DecodeError>,
    payload: Option<Value>,
}

impl Request {
    /// Reads an event.
    pub fn from_event(mut event: ApiGatewayV2httpRequest, config: &Config) -> Self {
        let context = event.request_context;
        let viewer = Viewer::take(&mut event.headers, config);
        let is_through_distribution = viewer.is_some();
        let (address, site_origin) = viewer.map_or((None, None), |viewer| (viewer.address, viewer.origin));
        let own_origin = config
            .base_url
            .clone()
            .or_else(|| site_origin.clone())
            .unwrap_or_else(|| Origin::of_domain(context.domain_name.as_deref().unwrap_or("localhost")));
        let body = match event.body {
            None => Ok(Vec::new()),
            Some(text) if event.is_base64_encoded => BASE64_STANDARD.decode(text),
            Some(text) => Ok(text.into_bytes()),
        };
        // A gateway that leaves cookies among the headers has not filled the list, and the other way round.
        let cookies = event.cookies.filter(|cookies| !cookies.is_empty()).unwrap_or_else(|| {
            // One header has the cookies of many owners: bytes in the others' do not matter.
            let values = event.headers.get_all(header::COOKIE).iter();
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
        });
        Self {
            method: context.http.method,
            path: event.raw_path.unwrap_or_default(),
            source_ip: address.map(|address| address.to_string()).or(context.http.source_ip).unwrap_or_default(),
            id: context.request_id.unwrap_or_default(),
            own_origin,
            site_origin,
            is_through_distribution,
            cookie_domain: config.cookie_domain.clone(),
            headers: event.headers,
            cookies,
            raw_query: event.raw_query_string.unwrap_or_default(),
            path_parameters: event.path_parameters,
            body,
            payload: None,
        }
    }

    /// The origins whose pages are trusted: the API's own, the web application's, and those that are configured.
    pub(super) fn trusted_origins<'a>(&'a self, configured: &'a [Origin]) -> impl Iterator<Item = &'a Origin> {
        std::iter::once(&self.own_origin).chain(&self.site_origin).chain(configured)
    }

    /// The value of a header. One that is not visible ASCII reads as U+FFFD, which nothing accepts: ignoring it would
    /// drop a condition that the client set.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"))
    }

    /// The value of a path parameter; empty if the route has none of that name, which no id equals.
    pub fn path_parameter(&self, name: &str) -> &str {
        self.path_parameters.get(name).map_or("", String::as_str)
    }

    /// The query string as it was sent, without the question mark.
    pub fn raw_query(&self) -> &str {
        &self.raw_query
    }

    /// The query string.
    pub fn query(&self) -> Query {
        Query::parse(&self.raw_query)
    }

    /// Whether any cookie came with the request.
    pub fn has_cookies(&self) -> bool {
        !self.cookies.is_empty()
    }

    /// The decoded values of the cookies of that name, in their order.
    pub fn cookies(&self, name: &str) -> impl Iterator<Item = String> {
        cookies::find(self.cookies.iter().map(String::as_str), name)
    }

    /// What the client calls itself; empty when unknown. Bytes that are no text become U+FFFD.
    pub fn user_agent(&self) -> Cow<'_, str> {
        self.headers
            .get(header::USER_AGENT)
            .map_or(Cow::Borrowed(""), |value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// The body's declared media type, with its parameters; empty if there is none.
    pub fn media_type(&self) -> &str {
        self.header(header::CONTENT_TYPE).unwrap_or_default()
    }

    /// Whether the body is declared as `essence`, with whichever parameters.
    pub fn is_media_type(&self, essence: &str) -> bool {
        self.media_type().split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(essence)
    }

    /// Refuses a body that is compressed or otherwise coded.
    ///
    /// # Errors
    /// [`Error::ContentEncoded`].
    pub(super) fn check_content_encoding(&self) -> Result<(), Error> {
        let has_body = !matches!(&self.body, Ok(body) if body.is_empty());
        let codings = self.headers.get_all(header::CONTENT_ENCODING).iter();
        let is_identity = |value: &HeaderValue| {
            let codings = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
            codings.filter(|coding| !coding.is_empty()).all(|coding| coding.eq_ignore_ascii_case(b"identity"))
        };
        if has_body && !codings.into_iter().all(is_identity) { Err(Error::ContentEncoded) } else { Ok(()) }
    }

    /// The body's bytes.
    ///
    /// # Errors
    /// [`Error::MalformedJson`] if the gateway sent it as base64 and it is not.
    pub fn body(&self) -> Result<&[u8], Error> {
        match &self.body {
            Ok(body) => Ok(body),
            Err(_) => Err(Error::MalformedJson("it is not valid base64".to_owned())),
        }
    }

    /// The JSON object in the body.
    ///
    /// # Errors
    /// [`Error::UnsupportedMediaType`] unless it is declared as `application/json`, [`Error::BodyTooLarge`] over
    /// [`MAX_BODY_BYTES`], those of [`Fields::parse`] if it is not JSON and [`Error::Validation`] if it is JSON but not
    /// an object.
    pub fn json(&self) -> Result<Fields, Error> {
        // A body without a media type is refused too: that is how a cross-site form would smuggle JSON.
        if !self.is_media_type("application/json") {
            let sent = self.media_type().to_owned();
            return Err(Error::UnsupportedMediaType { sent, allowed: "application/json" });
        }
        let body = self.body()?;
        if body.len() > MAX_BODY_BYTES {
            return Err(Error::BodyTooLarge);
        }
        Fields::parse(body)
    }

    /// A text in the body's object, in either dialect, before anybody has looked at what else is in it.
    pub fn text_field(&self, name: &str) -> Option<String> {
        match &self.payload {
            Some(payload) => payload.get(name)?.as_str().map(str::to_owned),
            None => self.json().ok()?.unless_absent(name, |text| Ok(text.to_owned())),
        }
    }

    /// The value in the body of a request in the Better Auth dialect, once it is admitted.
    pub(super) fn payload(&self) -> Option<&Value> {
        self.payload.as_ref()
    }

    pub(super) fn set_payload(&mut self, payload: Option<Value>) {
        self.payload = payload;
    }
}
