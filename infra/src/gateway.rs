//! A small API Gateway: HTTP requests become payload 2.0 events, answers become HTTP again.
//!
//! It behaves as an HTTP API does where clients can see it: routes, path parameters, cookies as a list, base64 bodies,
//! CORS, limits, deadlines, and its own answers where no function gives one. Those have `detail` and `code` beside the
//! gateway's `message`, so that clients find in every error what the contract promises.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html>

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use functions::Endpoint;
use lambda_http::{
    Context,
    aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
};
use serde_json::{Map, Value, json};
use shared::App;

use crate::{
    routes::Routes,
    template::{Cors, Template},
};

/// The most bytes a request body may have: 10 MB.
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// The most bytes that the line of a request and the values of its headers may have together, and the most that the values of an
/// answer's headers may have.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const MAX_HEADER_BYTES: usize = 10_240;

/// The most bytes of an answer that Lambda passes, as the function hands it over: in JSON.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const MAX_ANSWER_BYTES: usize = 6_291_556;

/// What serves a route.
#[derive(Debug, Clone)]
struct Target {
    endpoint: Endpoint,
    route_key: String,
    timeout: Duration,
}

/// The gateway.
#[derive(Debug)]
pub struct Gateway {
    app: App,
    routes: Routes<Target>,
    cors: Cors,
    requests: AtomicU64,
}

/// Why a template's routes cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// A function has no code here.
    #[error("template.yaml has a function with the binary {0}, which the package `functions` does not have")]
    NoEndpoint(String),
    /// Two routes contradict each other.
    #[error("template.yaml has routes that contradict each other: {0}")]
    Routes(#[from] matchit::InsertError),
}

impl Gateway {
    /// A gateway in front of the template's functions.
    ///
    /// # Errors
    /// A function without an endpoint, or contradicting routes.
    pub fn new(template: &Template, app: App) -> Result<Self, GatewayError> {
        let mut routes = Vec::new();
        for (route, function) in template.routes() {
            let endpoint = functions::endpoints()
                .find(|endpoint| endpoint.name == function.binary)
                .ok_or_else(|| GatewayError::NoEndpoint(function.binary.clone()))?;
            let target = Target {
                endpoint: *endpoint,
                route_key: route.key(),
                timeout: Duration::from_secs(function.timeout_seconds),
            };
            routes.push((route.method.as_str(), route.path.as_str(), target));
        }
        let allow_origins = app.config.trusted_origins.iter().map(|origin| origin.as_str().to_owned()).collect();
        let cors = Cors { allow_origins, ..template.cors.clone() };
        Ok(Self { app, routes: Routes::new(routes.into_iter())?, cors, requests: AtomicU64::new(0) })
    }

    /// The gateway as a service, which has to be told its clients' addresses.
    pub fn into_router(self) -> Router {
        Router::new().fallback(serve).with_state(Arc::new(self))
    }

    async fn answer(self: Arc<Self>, client: SocketAddr, parts: Parts, body: Body) -> Response {
        let request_id = self.next_request_id();
        if request_line_bytes(&parts) + header_bytes(&parts.headers) > MAX_HEADER_BYTES {
            return gateway_error(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, &request_id);
        }
        if let Some(preflight) = self.preflight(&parts) {
            return preflight;
        }
        let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
            return gateway_error(StatusCode::PAYLOAD_TOO_LARGE, &request_id);
        };
        let path = parts.uri.path();
        let Some(found) = self.routes.find(parts.method.as_str(), path) else {
            return gateway_error(StatusCode::NOT_FOUND, &request_id);
        };
        let target = found.target.clone();
        let event = event(&parts, &body, client, &target.route_key, &json!(found.parameters), &request_id);
        let event: ApiGatewayV2httpRequest = match serde_json::from_value(event) {
            Ok(event) => event,
            Err(_) => return gateway_error(StatusCode::BAD_REQUEST, &request_id),
        };
        let mut context = Context::default();
        context.request_id.clone_from(&request_id);
        context.deadline = deadline(target.timeout);
        let gateway = Arc::clone(&self);
        // A task of its own, so that a handler that panics takes only its own request with it.
        let work = tokio::spawn(async move { target.endpoint.answer(&gateway.app, event, &context).await });
        match tokio::time::timeout(target.timeout, work).await {
            Ok(Ok(answer)) if is_passed_on(&answer) => http_response(answer),
            // The function answered too much, crashed or took too long: API Gateway does not tell these apart.
            Ok(Ok(_) | Err(_)) | Err(_) => gateway_error(StatusCode::INTERNAL_SERVER_ERROR, &request_id),
        }
    }

    fn next_request_id(&self) -> String {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("local-{}-{count}", std::process::id())
    }

    /// The answer to a CORS preflight, which no function sees.
    fn preflight(&self, parts: &Parts) -> Option<Response> {
        let asks = parts.method == Method::OPTIONS
            && parts.headers.contains_key(header::ORIGIN)
            && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        asks.then(|| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            if self.allows(&parts.headers) {
                let headers = response.headers_mut();
                set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, &self.cors.allow_methods.join(","));
                set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &self.cors.allow_headers.join(","));
                if let Some(max_age) = self.cors.max_age {
                    set(headers, header::ACCESS_CONTROL_MAX_AGE, &max_age.to_string());
                }
            }
            response
        })
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.is_some_and(|origin| self.cors.allow_origins.iter().any(|allowed| allowed == origin))
    }

    /// Adds what lets a page of an allowed origin read the answer.
    fn add_cors(&self, request_headers: &HeaderMap, response: &mut Response) {
        if !self.allows(request_headers) {
            return;
        }
        let headers = response.headers_mut();
        if let Some(origin) = request_headers.get(header::ORIGIN) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        }
        if self.cors.allow_credentials {
            set(headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        set(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &self.cors.expose_headers.join(","));
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
}

async fn serve(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Infallible> {
    let (parts, body) = request.into_parts();
    let request_headers = parts.headers.clone();
    let mut response = Arc::clone(&gateway).answer(client, parts, body).await;
    gateway.add_cors(&request_headers, &mut response);
    Ok(response)
}

/// The payload 2.0 event of a request.
fn event(
    parts: &Parts,
    body: &Bytes,
    client: SocketAddr,
    route_key: &str,
    path_parameters: &Value,
    request_id: &str,
) -> Value {
    let path = parts.uri.path();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let text = |name: HeaderName| {
        let bytes = parts.headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    };
    // Text stays text, everything else is base64. A body that claims to be text and is not UTF-8 is base64 too.
    let body_text = std::str::from_utf8(body).ok().filter(|_| is_text(&text(header::CONTENT_TYPE)));
    // An event is JSON and holds text alone: other bytes become U+FFFD, and what stands around them stays.
    let cookie_headers = parts.headers.get_all(header::COOKIE).iter();
    let cookie_headers: Vec<_> = cookie_headers.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let cookies = cookie_headers.iter().flat_map(|value| value.split(';')).map(str::trim);
    let cookies: Vec<&str> = cookies.filter(|cookie| !cookie.is_empty()).collect();
    let body_value = body_text.map_or_else(|| json!(BASE64_STANDARD.encode(body)), |text| json!(text));
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": event_headers(&parts.headers, client),
        "pathParameters": path_parameters,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": text(header::HOST),
            "domainPrefix": "local",
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": client.ip().to_string(),
                "userAgent": text(header::USER_AGENT),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "timeEpoch": u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
        },
        "isBase64Encoded": body_text.is_none() && !body.is_empty(),
    });
    // What a request does not have, its event does not have either.
    if let Some(members) = event.as_object_mut() {
        if !cookies.is_empty() {
            members.insert("cookies".to_owned(), json!(cookies));
        }
        if !body.is_empty() {
            members.insert("body".to_owned(), body_value);
        }
    }
    event
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.is_empty()
        || essence.starts_with("text/")
        || essence.ends_with("json")
        || essence.ends_with("xml")
        || essence == "application/x-www-form-urlencoded"
}

/// Headers in lower case, repeated ones joined by commas, cookies left out, the client's address added.
fn event_headers(headers: &HeaderMap, client: SocketAddr) -> Map<String, Value> {
    let mut joined = Map::new();
    for name in headers.keys().filter(|name| **name != header::COOKIE) {
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        joined.insert(name.to_string(), json!(values.collect::<Vec<_>>().join(",")));
    }
    let forwarded = match joined.get("x-forwarded-for").and_then(Value::as_str) {
        Some(before) => format!("{before}, {}", client.ip()),
        None => client.ip().to_string(),
    };
    joined.insert("x-forwarded-for".to_owned(), json!(forwarded));
    joined
}

fn request_line_bytes(parts: &Parts) -> usize {
    let target = parts.uri.path_and_query().map_or(1, |target| target.as_str().len());
    parts.method.as_str().len() + target + "  HTTP/1.1".len()
}

fn header_bytes(headers: &HeaderMap) -> usize {
    headers.values().map(HeaderValue::len).sum()
}

/// Whether Lambda and the gateway pass an answer on.
fn is_passed_on(answer: &ApiGatewayV2httpResponse) -> bool {
    let bytes = serde_json::to_vec(answer).map_or(usize::MAX, |json| json.len());
    let cookies: usize = answer.cookies.iter().map(String::len).sum();
    bytes <= MAX_ANSWER_BYTES && header_bytes(&answer.headers) + cookies <= MAX_HEADER_BYTES
}

/// When a function has to have answered, in milliseconds since 1970, as Lambda tells it.
fn deadline(timeout: Duration) -> u64 {
    let end = SystemTime::now() + timeout;
    end.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn http_response(answer: ApiGatewayV2httpResponse) -> Response {
    let status = u16::try_from(answer.status_code).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let body = match answer.body {
        None | Some(lambda_http::Body::Empty) => Body::empty(),
        Some(lambda_http::Body::Binary(bytes)) => Body::from(bytes),
        Some(lambda_http::Body::Text(text)) => Body::from(text),
        Some(_) => Body::empty(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = answer.headers;
    for cookie in &answer.cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// An answer of the gateway itself.
fn gateway_error(status: StatusCode, request_id: &str) -> Response {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("route_not_found", "There is no route with this path."),
        StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "The request body must be at most 10 MB long."),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            ("headers_too_large", "The request line and headers must be at most 10,240 bytes long.")
        }
        StatusCode::BAD_REQUEST => ("bad_request", "The request cannot be understood."),
        _ => ("internal", "Something went wrong on our side."),
    };
    let message = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        _ => status.canonical_reason().unwrap_or_default(),
    };
    let body = json!({
        "message": message,
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
        "code": code,
        "request_id": request_id,
    });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, "application/problem+json");
    set(headers, header::CACHE_CONTROL, "no-store");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: ([u8; 4], u16) = ([203, 0, 113, 7], 4711);

    fn event_of(headers: &[(&str, &[u8])], body: &'static [u8]) -> Value {
        let mut request = axum::http::Request::builder().method("PUT").uri("/api/a%20b/tasks/1?q=a+b&q=c%26");
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let body = Bytes::from_static(body);
        event(&parts, &body, CLIENT.into(), "PUT /api/{user_id}/tasks/{task_id}", &json!({"user_id": "a b"}), "id-1")
    }

    #[test]
    fn an_event_has_what_the_gateway_knows_of_a_request() {
        let event = event_of(&[("host", b"api.example.com"), ("user-agent", b"curl/8")], b"");
        assert_eq!(event["version"], "2.0");
        assert_eq!(event["rawPath"], "/api/a%20b/tasks/1", "as it was sent");
        assert_eq!(event["rawQueryString"], "q=a+b&q=c%26", "as it was sent");
        assert_eq!(event["pathParameters"]["user_id"], "a b");
        let context = &event["requestContext"];
        assert_eq!((&context["requestId"], &context["domainName"]), (&json!("id-1"), &json!("api.example.com")));
        assert_eq!((&context["http"]["method"], &context["http"]["userAgent"]), (&json!("PUT"), &json!("curl/8")));
        assert_eq!(event.get("body"), None);
        assert_eq!(event["isBase64Encoded"], false);
        serde_json::from_value::<ApiGatewayV2httpRequest>(event).unwrap();
    }

    #[test]
    fn cookies_become_a_list_and_are_no_header() {
        let event = event_of(&[("cookie", b"a=1; b=\"2\";c=3"), ("cookie", b"d=4;")], b"");
        assert_eq!(event["cookies"], json!(["a=1", "b=\"2\"", "c=3", "d=4"]));
        assert_eq!(event["headers"].get("cookie"), None);
        assert_eq!(event_of(&[], b"").get("cookies"), None);
    }

    #[test]
    fn cookies_of_any_bytes_leave_the_others_as_they_are() {
        let event = event_of(&[("cookie", b"name=J\xfcrgen; a=1;b=\xc3\xa4")], b"");
        assert_eq!(event["cookies"], json!(["name=J\u{fffd}rgen", "a=1", "b=ä"]));
    }

    #[test]
    fn an_answer_that_lambda_or_the_gateway_would_not_pass_is_not_passed() {
        let answer = |body: String, header: usize, cookie: usize| {
            let mut answer = ApiGatewayV2httpResponse::default();
            answer.status_code = 200;
            answer.body = Some(lambda_http::Body::Text(body));
            answer.headers.insert(header::LINK, HeaderValue::from_str(&"x".repeat(header)).unwrap());
            answer.cookies = vec!["x".repeat(cookie)];
            answer
        };
        let around = serde_json::to_vec(&answer(String::new(), 0, 0)).unwrap().len();
        let most = MAX_ANSWER_BYTES - around;
        assert!(is_passed_on(&answer("x".repeat(most), 0, 0)));
        assert!(!is_passed_on(&answer("x".repeat(most + 1), 0, 0)));
        assert!(!is_passed_on(&answer("\"".repeat(most / 2 + 1), 0, 0)), "it is JSON in JSON");
        let most = MAX_HEADER_BYTES;
        assert!(is_passed_on(&answer(String::new(), most - 100, 100)));
        assert!(!is_passed_on(&answer(String::new(), most - 100, 101)));
        assert!(!is_passed_on(&answer(String::new(), most - 99, 100)));
    }

    #[test]
    fn headers_are_in_lower_case_and_repeated_ones_joined() {
        let event = event_of(&[("If-Match", b"\"1\""), ("if-match", b"\"2\""), ("X-One", b"1")], b"");
        assert_eq!(event["headers"]["if-match"], "\"1\",\"2\"");
        assert_eq!(event["headers"]["x-one"], "1");
    }

    #[test]
    fn the_source_is_who_connected_whatever_the_headers_say() {
        let event = event_of(&[("x-forwarded-for", b"198.51.100.1")], b"");
        assert_eq!(event["requestContext"]["http"]["sourceIp"], "203.0.113.7");
        assert_eq!(event["headers"]["x-forwarded-for"], "198.51.100.1, 203.0.113.7");
        assert_eq!(event_of(&[], b"")["headers"]["x-forwarded-for"], "203.0.113.7");
    }

    #[test]
    fn text_stays_text_and_other_bodies_are_base64() {
        for (media_type, body, sent, is_base64) in [
            ("application/json", "{\"ä\":1}".as_bytes(), "{\"ä\":1}", false),
            ("application/problem+json; charset=utf-8", b"{}", "{}", false),
            ("text/plain", b"x", "x", false),
            ("application/x-www-form-urlencoded", b"a=1", "a=1", false),
            ("application/octet-stream", b"x", "eA==", true),
            ("image/png", b"\xff", "/w==", true),
            // What says that it is text and is not.
            ("application/json", b"\xff", "/w==", true),
        ] {
            let event = event_of(&[("content-type", media_type.as_bytes())], body);
            assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!(sent), &json!(is_base64)), "{media_type}");
        }
    }

    #[test]
    fn header_values_of_any_bytes_make_an_event() {
        let user_agent = "T\u{fc}rk Telekom".as_bytes();
        let event =
            event_of(&[("authorization", b"Bearer \xff"), ("cookie", b"a=\xff; b=2"), ("user-agent", user_agent)], b"");
        assert_eq!(event["cookies"], json!(["a=\u{fffd}", "b=2"]));
        assert_eq!(event["headers"]["user-agent"], "T\u{fc}rk Telekom");
        assert_eq!(event["requestContext"]["http"]["userAgent"], "T\u{fc}rk Telekom");
        serde_json::from_value::<ApiGatewayV2httpRequest>(event).unwrap();
    }

    #[test]
    fn each_cookie_of_an_answer_is_a_header_of_its_own() {
        let mut answer = ApiGatewayV2httpResponse::default();
        answer.status_code = 201;
        answer.cookies = vec!["a=1; Path=/".to_owned(), "b=2".to_owned()];
        answer.headers.insert(header::ETAG, HeaderValue::from_static("\"1\""));
        let response = http_response(answer);
        assert_eq!(response.status(), StatusCode::CREATED);
        let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; Path=/", "b=2"]);
        assert_eq!(response.headers()[header::ETAG], "\"1\"");
    }

    #[tokio::test]
    async fn bodies_of_answers_arrive_as_they_are() {
        for (body, bytes) in [
            (None, b"".as_slice()),
            (Some(lambda_http::Body::Empty), b""),
            (Some(lambda_http::Body::Text("ä".to_owned())), "ä".as_bytes()),
            (Some(lambda_http::Body::Binary(vec![0xff])), b"\xff"),
        ] {
            let mut answer = ApiGatewayV2httpResponse::default();
            answer.status_code = 200;
            answer.body = body;
            let response = http_response(answer);
            assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), bytes);
        }
    }

    #[test]
    fn a_status_that_is_none_is_a_fault() {
        for status in [0, 99, -1, 70_000] {
            let mut answer = ApiGatewayV2httpResponse::default();
            answer.status_code = status;
            assert_eq!(http_response(answer).status(), StatusCode::INTERNAL_SERVER_ERROR, "{status}");
        }
    }
}
