//! `GET /api/auth/list-accounts`: the ways in which the user can sign in.

use lambda_http::http::StatusCode;
use serde::Serialize;
use shared::{
    App, Error,
    accounts::CurrentSession,
    domain::{Timestamp, UserId},
    http::{Dialect, Request, Response, json},
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-list-accounts",
    method: "GET",
    path: "/api/auth/list-accounts",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("list-accounts")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let (session, account) = CurrentSession::find_with_account(app, request).await?;
    let user = session.user();
    let accounts = [AccountJson {
        id: account.id.to_string(),
        provider_id: "credential",
        account_id: user.id,
        user_id: user.id,
        created_at: user.created_at,
        updated_at: account.updated_at,
        scopes: [],
    }];
    json(StatusCode::OK, &accounts)
}

/// A way in which a user can sign in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BetterAuthAccount)]
struct AccountJson {
    id: String,
    provider_id: &'static str,
    account_id: UserId,
    user_id: UserId,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    updated_at: Timestamp,
    #[schema(value_type = Vec<String>)]
    scopes: [&'static str; 0],
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation.about("The ways in which the user can sign in", "").signed_in().answers(
        StatusCode::OK,
        "The password's account.",
        of::<AccountJson>().list(),
        &[],
    )
}
