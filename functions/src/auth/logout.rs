//! `POST /api/auth/logout`: ends the session that the credential belongs to.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-logout",
    method: "POST",
    path: "/api/auth/logout",
    dialect: Dialect::Plain,
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let principal = app.principal(request)?;
    app.store.check_alive(&principal, app.clock.now()).await?;
    app.store.delete_session(&principal).await?;
    http::json(StatusCode::OK, &json!({"message": "Successfully logged out"}))
}
