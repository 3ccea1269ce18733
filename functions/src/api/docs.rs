//! `GET /api/docs`: a page to read the description of the API with, and to try the API. All that it needs comes from here.

use lambda_http::http::{StatusCode, header};
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
    name: "api-docs",
    method: "GET",
    path: "/api/docs",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

const PAGE: &str = include_str!("swagger_ui/page.html");
const START: &str = include_str!("swagger_ui/start.js");
const SCRIPT: &[u8] = include_bytes!("swagger_ui/swagger-ui-bundle.js.gz");
const STYLE: &[u8] = include_bytes!("swagger_ui/swagger-ui.css.gz");

/// Scripts and styles from here alone and none in the page, requests to here alone. Swagger UI has its icons in its style sheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(_app: &App, request: &Request) -> Result<Response, Error> {
    let response = Response::new(StatusCode::OK);
    let response = match request.query().get("part").unwrap_or_default() {
        "" => response
            .with_body("text/html; charset=utf-8", PAGE.to_owned())
            .with_static_header(header::CONTENT_SECURITY_POLICY, POLICY),
        "start" => response.with_body("text/javascript; charset=utf-8", START.to_owned()),
        "script" => response.with_gzipped_body("text/javascript; charset=utf-8", SCRIPT),
        "style" => response.with_gzipped_body("text/css; charset=utf-8", STYLE),
        _ => return Err(Error::RouteNotFound),
    };
    Ok(response.kept_for_an_hour(request))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let part = Typed::new(json!({"type": "string", "enum": ["script", "start", "style"]}));
    operation
        .about("A page to try the API with", "Swagger UI. All that it needs comes from here.")
        .query("part", part, "What the page is made of, instead of the page.")
        .kept_for_an_hour()
        .answers_text(
            StatusCode::OK,
            "The page, or a part of it.",
            &["text/html", "text/javascript", "text/css"],
            &["cache-control", "content-encoding", "content-security-policy", "etag"],
        )
        .refuses([Error::RouteNotFound])
}
