//! What several fuzz targets need: a configuration, somebody with tokens, requests, and a browser's idea of where a URL leads.

use std::sync::LazyLock;

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::{Value, json};
use shared::{
    config::Config,
    domain::{Origin, Position, Session, SessionId, TaskId, TaskQuery, Timestamp, User, UserId},
    http::Request,
    identity::{
        Principal, access_token, cursor, device_token,
        keys::KeyRing,
        mail_token::{MailToken, Purpose, State},
        session_token,
    },
};
use url::Url;
use uuid::Uuid;

/// When everything happens: 2030-01-01.
pub const NOW: Timestamp = Timestamp::from_seconds(1_893_456_000);

/// The somebody.
pub const PRINCIPAL: Principal = Principal {
    user_id: UserId(Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0001)),
    session_id: SessionId(Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0002)),
};

/// Their address.
pub const EMAIL: &str = "ann@example.com";

/// The purposes of tokens in mails.
pub const PURPOSES: [Purpose; 5] = [
    Purpose::ResetPassword,
    Purpose::VerifyEmail,
    Purpose::ConfirmEmailChange,
    Purpose::VerifyEmailChange,
    Purpose::DeleteAccount,
];

/// Whose pages are trusted, beside the API's own.
const TRUSTED: &str = "http://localhost:3000,https://app.example.com:8443,http://[::1]:8080,capacitor://localhost";

/// The configuration of an API at `https://api.example.com`.
pub static CONFIG: LazyLock<Config> = LazyLock::new(|| Config::from_variables(variable).unwrap());

/// Its keys.
pub static KEYS: LazyLock<KeyRing> = LazyLock::new(|| KeyRing::derive(&CONFIG).unwrap());

/// A variable of its environment.
pub fn variable(name: &str) -> Option<String> {
    let value = match name {
        "JWT_SECRET_KEY" => Config::DEVELOPMENT_SECRET,
        "JWT_SECRET_KEY_PREVIOUS" => "0123456789abcdef-0123456789abcdef",
        "BASE_URL" => "https://api.example.com",
        "CORS_ORIGINS" => TRUSTED,
        "MAIL_FROM" => "no-reply@example.com",
        "CHANGE_EMAIL" | "DELETE_USER" => "true",
        _ => return None,
    };
    Some(value.to_owned())
}

/// One token of each kind, all of which verify.
pub struct Tokens {
    pub session: String,
    pub access: String,
    pub service: String,
    pub mail: String,
    pub device: String,
    pub cursor: String,
}

pub static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
    let user = User {
        id: PRINCIPAL.user_id,
        email: EMAIL.to_owned(),
        name: "Ann".to_owned(),
        image: None,
        email_verified: true,
        is_contested: false,
        is_active: true,
        session_epoch: 0,
        created_at: NOW,
        updated_at: NOW,
    };
    let session = Session {
        user_id: PRINCIPAL.user_id,
        id: PRINCIPAL.session_id,
        created_at: NOW,
        updated_at: NOW,
        expires_at: NOW.plus_seconds(600),
        remember: true,
        epoch: 0,
        ip_address: String::new(),
        user_agent: String::new(),
    };
    let origin = CONFIG.base_url.as_ref().unwrap();
    let mail = MailToken {
        purpose: Purpose::ResetPassword,
        user_id: user.id,
        expires_at: NOW.plus_seconds(600),
        state: State::of(&KEYS.current, &[EMAIL]),
        new_email: None,
    };
    let position = Position { window: Some(TaskId::at(NOW, 0)), after: None };
    Tokens {
        session: session_token::issue(&KEYS, &PRINCIPAL),
        access: access_token::issue(&KEYS, &user, &session, origin).unwrap(),
        service: access_token::issue_for_services(&KEYS, &user, &session, origin, NOW).unwrap(),
        mail: mail.issue(&KEYS),
        device: device_token::issue(&KEYS, session.id, EMAIL).unwrap(),
        cursor: cursor::issue(&KEYS, user.id, &TaskQuery::default(), &position).unwrap(),
    }
});

/// A request with these headers, cookies apart.
pub fn request(method: &str, headers: &[(&str, &str)], cookies: &[&str]) -> Option<Request> {
    event(method, "/", "", headers, cookies, b"").map(|event| Request::from_event(event, &CONFIG))
}

/// The event that a gateway makes of a request, if it is one.
pub fn event(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
    cookies: &[&str],
    body: &[u8],
) -> Option<ApiGatewayV2httpRequest> {
    let headers: serde_json::Map<String, Value> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies,
        "headers": headers,
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "203.0.113.7"}, "requestId": "id"},
        "body": String::from_utf8_lossy(body),
        "isBase64Encoded": false,
    });
    serde_json::from_value(event).ok()
}

/// Whether a browser that is sent to `target` by the API stays with those who are trusted: how it reads URLs, the WHATWG says, and
/// not the code that is tested.
pub fn leads_to_trusted(target: &str) -> bool {
    let own = Url::parse(CONFIG.base_url.as_ref().unwrap().as_str()).unwrap();
    let Ok(base) = own.join("/api/auth/verify-email?token=t") else { return false };
    let Ok(target) = base.join(target) else { return false };
    is_of_trusted(&target)
}

/// Whether a URL is of one of the trusted origins, and names nobody who signs in with it.
pub fn is_of_trusted(url: &Url) -> bool {
    let place = |url: &Url| {
        (
            url.scheme().to_owned(),
            // The WHATWG keeps the case of a host where it does not know the scheme; RFC 3986, section 3.2.2, says that it has none.
            url.host_str().map(str::to_ascii_lowercase),
            url.port_or_known_default(),
            url.username().to_owned(),
        )
    };
    let trusted = TRUSTED.split(',').chain(CONFIG.base_url.as_ref().map(Origin::as_str));
    trusted.map(|origin| Url::parse(origin).unwrap()).any(|trusted| place(&trusted) == place(url))
}
