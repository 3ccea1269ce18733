//! `GET /api/auth/delete-user/callback`: follows the link in a mail that deletes the account of who is signed in.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, CurrentSession},
    error::BetterAuthRefusal,
    http::{
        Dialect, Request, Response,
        better_auth::{Callback, INVALID_CALLBACK_URL, redirect_to_callback},
        cookies::SessionCookie,
        json,
    },
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::deletion_json::DeletionJson,
    openapi::{Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-follow-deletion-link",
    method: "GET",
    path: "/api/auth/delete-user/callback",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("follow-deletion-link")),
    handle: |app, request| Box::pin(handle(app, request)),
};

const fn not_found(code: &'static str, message: &'static str) -> BetterAuthRefusal {
    BetterAuthRefusal { status: StatusCode::NOT_FOUND, code: Some(code), message }
}

const NOT_FOUND: BetterAuthRefusal = not_found("NOT_FOUND", "Not found");
const FAILED_TO_GET_USER_INFO: BetterAuthRefusal = not_found("FAILED_TO_GET_USER_INFO", "Failed to get user info");
const INVALID_TOKEN: BetterAuthRefusal = not_found("INVALID_TOKEN", "Invalid token");

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let (token, callback) = Callback::with_token(request, &app.config)?;
    if !app.config.mails.delete_user {
        return Err(Error::from(&NOT_FOUND));
    }
    let (current, account) = match CurrentSession::find_with_account(app, request).await {
        Err(Error::NotAuthenticated(_) | Error::SessionEnded(_)) => return Err(Error::from(&FAILED_TO_GET_USER_INFO)),
        found => found?,
    };
    let caller = (current.user(), &account);
    // A link counts only while the account is as it was made for.
    let is_deleted =
        accounts::may_delete(app, &token, caller) && accounts::delete_account(app, request, caller).await?;
    if !is_deleted {
        return Err(Error::from(&INVALID_TOKEN));
    }
    let response = match &callback {
        Some(callback) => redirect_to_callback(callback, &[]),
        None => json(StatusCode::OK, &DeletionJson::DELETED)?,
    };
    Ok(response.with_session_cookie(SessionCookie::Removed, request))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Follow the link that deletes the account", "In the browser in which its user is signed in.")
        .signed_in_or_not()
        .required_query("token", Typed::new(json!({"type": "string"})), "The token from the mail.")
        .query(
            "callbackURL",
            Typed::new(json!({"type": "string"})),
            "Where to go next: a path of this site, or a trusted origin.",
        )
        .answers(StatusCode::OK, "It is deleted.", of::<DeletionJson>(), &["set-cookie"])
        .answers_nothing(StatusCode::FOUND, "It is deleted: to `callbackURL`.", &["location", "set-cookie"])
        .refuses([Error::Validation(vec![]), Error::OutcomeUnknown("".into())])
        .refuses([&NOT_FOUND, &FAILED_TO_GET_USER_INFO, &INVALID_TOKEN, &INVALID_CALLBACK_URL].map(Error::from))
}
