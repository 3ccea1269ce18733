//! `POST /api/auth/revoke-session`: ends one of the user's sessions, named by its token.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{self, Dialect, Request, Response, better_auth::Payload, cookies::SessionCookie},
    identity::session_token::{self, Refused},
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::status_json::StatusJson,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-revoke-session",
    method: "POST",
    path: "/api/auth/revoke-session",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("revoke-session")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let token = fields.string("token");
    let token = fields.finish(token)?;
    let session = CurrentSession::find(app, request).await?;
    let response = http::json(StatusCode::OK, &StatusJson::DONE)?;
    // Whether a token of somebody else is valid stays unsaid.
    match session_token::verify(&app.keys, token) {
        Ok(principal) if principal == session.id() => {
            app.store.delete_session(&principal).await?;
            Ok(response.with_session_cookie(SessionCookie::Removed, request))
        }
        Ok(principal) if principal.user_id == session.user().id => {
            app.store.delete_session(&principal).await?;
            Ok(response)
        }
        // A function that has got the new secret already may have listed it: revoked means that the session has ended.
        Err(Refused::UNKNOWN_KEY) => Err(Error::unavailable("the token is of a key that this function does not know")),
        Ok(_) | Err(_) => Ok(response),
    }
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("BetterAuthRevokeSession", json!({"token": "AQID…"}))
        .required("token", Typed::new(json!({"type": "string"})));
    operation
        .about(
            "End one session of the user",
            "It is named by its token. Whether a token of somebody else is valid stays unsaid.",
        )
        .signed_in()
        .takes(fields)
        .answers(StatusCode::OK, "It has ended, if it was the user's.", of::<StatusJson>(), &["set-cookie"])
}
