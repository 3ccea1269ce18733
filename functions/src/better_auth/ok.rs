//! `GET /api/auth/ok`: whether the API answers.

use lambda_http::http::StatusCode;
use serde::Serialize;
use shared::{
    App, Error,
    http::{Dialect, Request, Response, json},
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-ok",
    method: "GET",
    path: "/api/auth/ok",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(_app: &App, _request: &Request) -> Result<Response, Error> {
    json(StatusCode::OK, &OkJson { ok: true })
}

/// That the API answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthOk)]
struct OkJson {
    ok: bool,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation.about("Whether the API answers", "").answers(StatusCode::OK, "It does.", of::<OkJson>(), &[])
}
