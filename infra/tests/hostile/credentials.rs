//! What says who is calling: tokens and cookies of ours, and what looks like them.

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use fastrand::Rng;
use functions::endpoints;
use infra::demo;
use lambda_http::Context;
use serde_json::{Value, json};
use shared::{
    App,
    domain::Email,
    identity::mail_token::{MailToken, Purpose, State},
};

use crate::{
    requests::event,
    texts::{damaged, text},
};

/// What was given out, to be sent back as it is or damaged.
pub struct Credentials {
    pub session_token: String,
    access_token: String,
    service_token: String,
    mail_tokens: Vec<String>,
    pub cursor: String,
}

impl Credentials {
    pub async fn of(app: &App) -> Self {
        let session_token = demo::session_token(app);
        let body = json!({"email": demo::EMAIL, "password": demo::PASSWORD});
        let login = answer(app, "auth-login", |event| event["body"] = json!(body.to_string())).await;
        let signed_in =
            |event: &mut Value| event["headers"]["authorization"] = json!(format!("Bearer {session_token}"));
        let token = answer(app, "auth-token", signed_in).await;
        for _ in 0..2 {
            answer(app, "tasks-create", |event| {
                signed_in(event);
                event["body"] = json!(r#"{"title": "one of some"}"#);
            })
            .await;
        }
        let list = answer(app, "tasks-list", |event| {
            signed_in(event);
            event["rawQueryString"] = json!("limit=1");
        });
        let link = list.await.1;
        let cursor = link.split_once("cursor=").map(|(_, cursor)| cursor.split(['&', '>']).next().unwrap_or_default());
        Self {
            access_token: login.0["access_token"].as_str().unwrap().to_owned(),
            service_token: token.0["token"].as_str().unwrap().to_owned(),
            mail_tokens: mail_tokens(app),
            cursor: cursor.expect("a next page").to_owned(),
            session_token,
        }
    }

    /// A token of any kind.
    pub fn token(&self, random: &mut Rng) -> String {
        let jwts = [&self.access_token, &self.service_token];
        let ours: Vec<&String> =
            [&self.session_token, &self.cursor].into_iter().chain(jwts).chain(&self.mail_tokens).collect();
        let one = ours[random.usize(..ours.len())];
        match random.u8(0..10) {
            0..=3 => one.clone(),
            4 | 5 => damaged(one, random),
            6 => jwt(jwts[random.usize(..2)], random),
            7 => BASE64_URL_SAFE_NO_PAD.encode((0..random.usize(0..200)).map(|_| random.u8(..)).collect::<Vec<_>>()),
            8 => BASE64_STANDARD.encode(one),
            _ => text(random),
        }
    }

    /// The value of an `Authorization` header.
    pub fn authorization(&self, random: &mut Rng) -> String {
        match random.u8(0..10) {
            0..=5 => format!("Bearer {}", self.session_token),
            6 | 7 => format!("Bearer {}", self.token(random)),
            8 => format!("{} {}", text(random), self.token(random)),
            _ => text(random),
        }
    }

    /// Cookies, each a name and a value, or no cookies at all.
    pub fn cookies(&self, random: &mut Rng) -> Vec<String> {
        let names =
            ["better-auth.session_token", "__Secure-better-auth.session_token", "better-auth.session_data", "_ga", ""];
        let cookies = (0..random.usize(0..4)).map(|_| {
            let name = names[random.usize(..names.len())];
            match random.u8(0..4) {
                0 => format!("{name}={}", self.session_token),
                1 => format!("{name}={}.{}", self.token(random), text(random)),
                2 => format!("{name}=\"{}\"", self.token(random)),
                _ => text(random),
            }
        });
        cookies.collect()
    }
}

/// A JSON Web Token whose parts are not of one mould.
fn jwt(ours: &str, random: &mut Rng) -> String {
    let parts: Vec<&str> = ours.split('.').collect();
    let header = match random.u8(0..6) {
        0 => json!({"alg": "none"}),
        1 => json!({"alg": "HS256", "typ": "JWT"}),
        2 => json!({"alg": "EdDSA", "kid": text(random), "typ": text(random)}),
        3 => json!({"alg": text(random), "jwk": {"kty": "OKP"}, "jku": "https://evil.example/jwks"}),
        4 => json!([]),
        _ => json!({"alg": "EdDSA", "crit": ["exp"], "b64": false}),
    };
    let claims = json!({"sub": text(random), "sid": text(random), "exp": f64::MAX, "iat": -1, "aud": [text(random)]});
    let encoded = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    match random.u8(0..5) {
        0 => format!("{}.{}.{}", encoded(header), parts[1], parts[2]),
        1 => format!("{}.{}.{}", parts[0], encoded(claims), parts[2]),
        2 => format!("{}.{}.", parts[0], parts[1]),
        3 => format!("{}.{}.{}.{}", parts[0], parts[1], parts[2], text(random)),
        _ => format!("{}.{}.{}", encoded(header), encoded(claims), text(random)),
    }
}

/// Tokens of letters, of a state that the account is not in.
fn mail_tokens(app: &App) -> Vec<String> {
    let purposes = [
        Purpose::VerifyEmail,
        Purpose::ResetPassword,
        Purpose::ConfirmEmailChange,
        Purpose::VerifyEmailChange,
        Purpose::DeleteAccount,
    ];
    let token = |purpose| MailToken {
        purpose,
        user_id: demo::PRINCIPAL.user_id,
        expires_at: app.clock.now().plus_seconds(3600),
        state: State::of(&app.keys.current, &[demo::EMAIL]),
        new_email: Email::parse("new@example.com").ok(),
    };
    purposes.map(|purpose| token(purpose).issue(&app.keys)).into()
}

/// What a function answers, and its `Link`.
async fn answer(app: &App, name: &str, change: impl FnOnce(&mut Value)) -> (Value, String) {
    let endpoint = endpoints().find(|endpoint| endpoint.name == name).unwrap();
    let mut event = event(endpoint.method, &endpoint.path.replace("{user_id}", &demo::PRINCIPAL.user_id.to_string()));
    event["headers"]["content-type"] = json!("application/json");
    event["pathParameters"] = json!({"user_id": demo::PRINCIPAL.user_id.to_string()});
    change(&mut event);
    let answer = endpoint.answer(app, serde_json::from_value(event).unwrap(), &Context::default()).await;
    let Some(lambda_http::Body::Text(body)) = answer.body else { panic!("{name} answers nothing") };
    let link = answer.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
    (serde_json::from_str(&body).unwrap(), link.unwrap_or_default())
}
