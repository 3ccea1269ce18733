//! `GET /api/auth/jwks`: the public keys that tokens are verified with (RFC 7517): the current one, then the one before.

use lambda_http::http::{StatusCode, header};
use serde::Serialize;
use shared::{
    App, Error,
    http::{Dialect, Request, Response, json},
    identity::keys::PublicJwk,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-jwks",
    method: "GET",
    path: "/api/auth/jwks",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(app: &App, _request: &Request) -> Result<Response, Error> {
    let keys = app.keys.all().map(|keys| Ok(&keys.ed25519()?.public_jwk)).collect::<Result<_, Error>>()?;
    let keys = Jwks { keys };
    // Verifiers ask for the keys anew when they meet an id that they do not know; until then they need not.
    Ok(json(StatusCode::OK, &keys)?.with_static_header(header::CACHE_CONTROL, "public, max-age=300"))
}

/// A JSON Web Key Set (RFC 7517, section 5).
#[derive(Debug, Serialize, ToSchema)]
struct Jwks<'a> {
    keys: Vec<&'a PublicJwk>,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about(
            "The public keys that tokens are verified with",
            "JSON Web Keys (RFC 7517): the current one, then the one before.",
        )
        .answers(StatusCode::OK, "The keys.", of::<Jwks<'_>>(), &[])
}
