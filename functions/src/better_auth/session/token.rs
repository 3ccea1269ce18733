//! `GET /api/auth/token`: a JSON Web Token that tells other services for 15 minutes who is signed in.

use lambda_http::http::StatusCode;
use serde::Serialize;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{Dialect, Request, Response, json},
    identity::access_token,
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-token",
    method: "GET",
    path: "/api/auth/token",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("token")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let session = CurrentSession::find_and_extend(app, request).await?;
    let token = access_token::issue_for_services(
        &app.keys,
        session.user(),
        session.session(),
        &request.own_origin,
        app.clock.now(),
    )?;
    Ok(session.answer(app, request, json(StatusCode::OK, &TokenJson { token })?))
}

/// A JSON Web Token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthToken)]
struct TokenJson {
    token: String,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about(
            "A JSON Web Token for other services",
            "For 15 minutes it tells who is signed in; they verify it with the keys of `/api/auth/jwks`.",
        )
        .signed_in()
        .answers(StatusCode::OK, "The token.", of::<TokenJson>(), &["set-auth-token", "set-cookie"])
}
