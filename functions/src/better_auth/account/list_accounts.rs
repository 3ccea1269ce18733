//! `GET /api/auth/list-accounts`: the ways in which the user can sign in.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    http::{self, Dialect, Request, Response},
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-list-accounts",
    method: "GET",
    path: "/api/auth/list-accounts",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let (session, account) = CurrentSession::find_with_account(app, request).await?;
    let user = session.user();
    let accounts = json!([{
        "id": account.id,
        "providerId": "credential",
        "accountId": user.id,
        "userId": user.id,
        "createdAt": user.created_at.to_rfc3339(),
        "updatedAt": account.updated_at.to_rfc3339(),
        "scopes": [],
    }]);
    http::json(StatusCode::OK, &accounts)
}
