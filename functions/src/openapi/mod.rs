//! The API's description as OpenAPI 3.1, made of the endpoints and of the types that they answer with.
//!
//! No function has any of it in its binary: a test writes the document to `openapi.json`, and `GET /api/openapi.json` gives that.

mod fields;
mod headers;
mod operation;
mod refusal;
mod typed;

use serde_json::{Map, Value, json};

pub(crate) use fields::Fields;
pub(crate) use operation::Operation;
pub(crate) use typed::{Typed, of};

/// What an endpoint adds to what all of its path, method and dialect have in common.
pub(crate) type Describe = fn(Operation) -> Operation;

/// What all of the API has in common.
const ABOUT: &str = "\
Accounts and tasks, in two dialects over one set of users, sessions and tasks.

The *plain dialect* answers errors with RFC 9457 `application/problem+json`: `detail` is one sentence for a person, `code` is stable.
The *Better Auth dialect* is the protocol of the official client of that name; its errors are `{\"message\", \"code\"}`.

Every answer has `cache-control` (`no-store` unless the operation says otherwise), `x-content-type-options`, `referrer-policy` and,
behind https, `strict-transport-security`. Fields may be added to answers; fields of requests that are not known are ignored.

The gateway in front answers by itself, with `{\"message\"}` alone, where a throttle is reached (429) and where a function cannot be
reached or gives no answer (500, 503).";

/// The description of the API.
///
/// # Errors
/// What cannot be described.
pub fn document() -> Result<Value, shared::Error> {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    let mut answers = Map::new();
    for (endpoint, describe) in crate::ROUTED.iter().zip(crate::DESCRIPTIONS) {
        let described = describe(Operation::of(endpoint)).finish()?;
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(endpoint.method.to_ascii_lowercase(), described.operation);
        }
        schemas.extend(described.schemas);
        answers.extend(described.answers);
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Accounts and tasks",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "Where this description is from."}],
        "tags": [
            {"name": operation::TASKS, "description": "The caller's tasks."},
            {"name": operation::ACCOUNTS, "description": "Accounts and sessions, in the plain dialect."},
            {"name": operation::BETTER_AUTH, "description": "Accounts and sessions, in the dialect of the Better Auth client."},
            {"name": operation::API, "description": "The API about itself."},
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": answers,
            "headers": headers::components(),
            "securitySchemes": security_schemes(),
        },
    }))
}

fn security_schemes() -> Value {
    let bearer = |format: &str, description: &str| json!({"type": "http", "scheme": "bearer", "bearerFormat": format, "description": description});
    json!({
        "accessToken": bearer("JWT", "`access_token` of `signup` and `login`. It ends with its session."),
        "sessionToken": bearer("session token", "`token` of the sign-ins of the Better Auth dialect, or `set-auth-token`."),
        "serviceToken": bearer("JWT", "`token` of `/api/auth/token`, or `set-auth-jwt`: good for 15 minutes, in the plain dialect alone."),
        "sessionCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "better-auth.session_token",
            "description": "Set by the sign-ins of the Better Auth dialect; behind https its name begins with `__Secure-`. \
                A request that carries it and is no GET has to come from a trusted origin.",
        },
    })
}
