//! `GET /api/auth/jwks`: the public keys that tokens are verified with (RFC 7517): the current one, then the one before.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-jwks",
    method: "GET",
    path: "/api/auth/jwks",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(app: &App, _request: &Request) -> Result<Response, Error> {
    let keys: Vec<_> = app.keys.all().map(|keys| &keys.public_jwk).collect();
    http::json(StatusCode::OK, &json!({"keys": keys}))
}
