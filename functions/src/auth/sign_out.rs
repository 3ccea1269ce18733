//! `POST /api/auth/sign-out`: ends the session, if there is one, and takes its cookies back.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response, Schema, cookies},
    identity::BrowserSession,
};

use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-sign-out",
    method: "POST",
    path: "/api/auth/sign-out",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Schema::optional_object(request);
    fields.optional_string("callbackURL");
    fields.finish(Some(()))?;
    if let Some(principal) = BrowserSession::presented(app, request) {
        app.store.delete_session(&principal).await?;
    }
    let response = http::json(StatusCode::OK, &json!({"success": true}))?;
    Ok(cookies::clear(response, &request.own_origin))
}
