//! `POST /api/auth/sign-out`: ends the session, if there is one, and takes its cookies back.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response, better_auth::Payload, cookies::SessionCookie},
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-sign-out",
    method: "POST",
    path: "/api/auth/sign-out",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::optional_object(request);
    fields.optional_string("callbackURL");
    fields.finish(Some(()))?;
    let credential = app.credential(request);
    match credential.better_auth() {
        Ok(principal) => app.store.delete_session(&principal).await?,
        // While the secret is rotated, this function may not know the key yet. Signed out means that the session has ended.
        Err(_) if credential.has_unknown_key() => {
            return Err(Error::unavailable("the token is of a key that this function does not know"));
        }
        Err(_) => {}
    }
    let response = http::json(StatusCode::OK, &SuccessJson { success: true })?;
    Ok(response.with_session_cookie(SessionCookie::Removed, request))
}

/// That it is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthSuccess)]
struct SuccessJson {
    success: bool,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields =
        Fields::new("BetterAuthSignOut", json!({})).unless_absent("callbackURL", Typed::new(json!({"type": "string"})));
    operation.about("Sign out", "Also where nobody is signed in.").signed_in_or_not().may_take(fields).answers(
        StatusCode::OK,
        "Signed out.",
        of::<SuccessJson>(),
        &["set-cookie"],
    )
}
