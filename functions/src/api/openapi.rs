//! `GET /api/openapi.json`: the description of the API.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
};

use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "api-openapi",
    method: "GET",
    path: "/api/openapi.json",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

const DOCUMENT: &str = include_str!("../../openapi.json");

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(_app: &App, request: &Request) -> Result<Response, Error> {
    let response = Response::new(StatusCode::OK).with_body("application/json", DOCUMENT.to_owned());
    Ok(response.kept_for_an_hour(request))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation.about("This description", "OpenAPI 3.1.").kept_for_an_hour().answers(
        StatusCode::OK,
        "It.",
        Typed::new(json!({"type": "object"})),
        &["cache-control", "etag"],
    )
}
