//! Requests as people write them, a line for the method and the path, headers, an empty line and a body: whatever of them is
//! admitted in a dialect, or taken for somebody's, comes from a trusted page and leads to one.
//!
//! `$SESSION`, `$ACCESS`, `$SERVICE` and `$DEVICE` in a header stand for tokens.
#![no_main]

use std::collections::BTreeMap;

use fuzz::{CONFIG, EMAIL, KEYS, NOW, PRINCIPAL, TOKENS, event, is_of_trusted, leads_to_trusted};
use lambda_http::{
    Body,
    aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    http::HeaderMap,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use shared::{
    Error,
    http::{Dialect, Request, better_auth, origin},
    identity::{Credential, device_token},
};
use url::{Url, form_urlencoded};

const DIALECTS: [Dialect; 5] = [
    Dialect::Plain,
    Dialect::BetterAuth { accepts_forms: false },
    Dialect::BetterAuth { accepts_forms: true },
    Dialect::Both,
    Dialect::Unrouted,
];

fuzz_target!(|input: &str| {
    let Some(event) = parse(input) else { return };
    for dialect in DIALECTS {
        let mut request = Request::from_event(event.clone(), &CONFIG);
        match dialect.admit(&mut request, &CONFIG) {
            Ok(()) if matches!(dialect, Dialect::BetterAuth { .. } | Dialect::Both) => {
                admitted(&event, &request, dialect == Dialect::BetterAuth { accepts_forms: true });
            }
            Ok(()) => {}
            Err(error) => refused(&error, dialect.spoken_in(&request), &request),
        }
    }
    let request = Request::from_event(event.clone(), &CONFIG);
    let tokens = ["$SESSION", "$ACCESS", "$SERVICE"];
    credential(&event, &request, tokens.iter().any(|token| input.contains(token)));
    let device = device_token::known_device(&KEYS, &request, EMAIL, NOW);
    assert!(device.is_none() || input.contains("$DEVICE") || input.contains("$ACCESS"));
});

fn parse(input: &str) -> Option<ApiGatewayV2httpRequest> {
    let (head, body) = input.split_once("\n\n").unwrap_or((input, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next()?.split_once(' ')?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let value = value
            .replace("$SESSION", &TOKENS.session)
            .replace("$ACCESS", &TOKENS.access)
            .replace("$SERVICE", &TOKENS.service)
            .replace("$DEVICE", &TOKENS.device);
        headers.push((name.to_ascii_lowercase(), value));
    }
    let (cookies, headers): (Vec<_>, Vec<_>) = headers.into_iter().partition(|(name, _)| name == "cookie");
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let cookies: Vec<_> = cookies.iter().map(|(_, value)| value.as_str()).collect();
    event(method, path, query, &headers, &cookies, body.as_bytes())
}

/// A refusal is the sender's fault, and says so in JSON or not at all.
fn refused(error: &Error, dialect: Dialect, request: &Request) {
    let response = dialect.render(error, request).secured(&request.own_origin);
    assert!(response.status().is_client_error(), "{} for {error}", response.status());
    let response = ApiGatewayV2httpResponse::from(response);
    if let Some(Body::Text(body)) = &response.body {
        let body: Value = serde_json::from_str(body).unwrap();
        let said = if dialect == Dialect::Plain { &body["detail"] } else { &body["message"] };
        assert!(said.as_str().is_some_and(|said| !said.is_empty()), "{body}");
    }
}

/// What the Better Auth dialect lets in: with a cookie, from trusted pages alone, and on to trusted ones.
fn admitted(event: &ApiGatewayV2httpRequest, request: &Request, accepts_forms: bool) {
    if request.method == "GET" {
        return;
    }
    if request.has_cookies() {
        assert!(is_of_trusted_page(&event.headers), "a cookie from {:?}", event.headers);
    }
    let body = event.body.as_deref().unwrap_or_default();
    let body = if accepts_forms && is_form(&event.headers) {
        form_urlencoded::parse(body.as_bytes()).into_owned().collect::<BTreeMap<_, _>>().into_iter().collect()
    } else {
        serde_json::from_str(body).unwrap_or(Value::Null)
    };
    for name in ["callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL"] {
        if let Some(target) = body[name].as_str().filter(|target| !target.is_empty()) {
            assert!(leads_to_trusted(target), "{name} is {target:?}");
        }
    }
    if better_auth::check_login_origin(request, &CONFIG.trusted_origins).is_ok() {
        let is_elsewhere =
            event.headers.get("origin").is_some_and(|origin| origin != "null") && !is_of_trusted_page(&event.headers);
        assert!(!is_elsewhere, "a sign-in from {:?}", event.headers);
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Whether a browser says that a request is from a page of a trusted origin.
fn is_of_trusted_page(headers: &HeaderMap) -> bool {
    let get = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match get("origin") {
        Some("null") => get("sec-fetch-site") == Some("same-origin"),
        Some(origin) => Url::parse(origin).is_ok_and(|origin| is_of_trusted(&origin)),
        None => get("referer").and_then(|page| Url::parse(page).ok()).is_some_and(|page| is_of_trusted(&page)),
    }
}

/// Nobody is somebody without a token, and nobody is somebody else.
fn credential(event: &ApiGatewayV2httpRequest, request: &Request, has_token: bool) {
    let credential = Credential::of(&KEYS, request, NOW);
    let plain = credential.plain(request, &CONFIG.trusted_origins);
    let better_auth = credential.better_auth();
    let principals = [credential.of_anybody(), plain.ok(), better_auth.ok()];
    for principal in principals.into_iter().flatten() {
        assert!(has_token && principal.user_id == PRINCIPAL.user_id);
    }
    // A bearer token is no browser's doing; a cookie may be, and then the page counts.
    let is_of_cookie = principals[1].is_some() && !event.headers.contains_key("authorization");
    if is_of_cookie && !["GET", "HEAD"].contains(&request.method.as_str()) {
        assert!(is_of_trusted_page(&event.headers), "a cookie from {:?}", event.headers);
    }
    assert!(
        origin::check(request, &CONFIG.trusted_origins).is_err()
            || request.method == "GET"
            || !request.has_cookies()
            || is_of_trusted_page(&event.headers)
    );
}
