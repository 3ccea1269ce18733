//! `GET /api/auth/ok`: whether the API answers.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-ok",
    method: "GET",
    path: "/api/auth/ok",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(_app: &App, _request: &Request) -> Result<Response, Error> {
    http::json(StatusCode::OK, &json!({"ok": true}))
}
