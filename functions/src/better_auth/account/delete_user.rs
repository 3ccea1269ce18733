//! `POST /api/auth/delete-user`: deletes the caller's account, or sends a link that does.

use lambda_http::http::{StatusCode, header::CONTENT_TYPE};
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, CurrentSession},
    domain::Password,
    error::BetterAuthRefusal,
    http::{
        self, Dialect, Request, Response,
        better_auth::{Payload, REDIRECT_BYTES},
        cookies::SessionCookie,
    },
    identity::password_hash::Verdict,
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::deletion_json::DeletionJson,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-delete-user",
    method: "POST",
    path: "/api/auth/delete-user",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Hashing,
    limit: Some(Limit::password("delete-user")),
    handle: |app, request| Box::pin(handle(app, request)),
};

const INVALID_TOKEN: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::NOT_FOUND, code: Some("INVALID_TOKEN"), message: "Invalid token" };

const SESSION_EXPIRED: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::BAD_REQUEST,
    code: Some("SESSION_EXPIRED"),
    message: "Session expired. Re-authenticate to perform this action.",
};

/// How often a deletion starts over because the account is changed at the same time.
const ATTEMPTS: u32 = 3;

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let password = fields.optional_string("password");
    let token = fields.optional_string("token").filter(|token| !token.is_empty());
    let callback_url = fields.redirect("callbackURL").unwrap_or_default();
    fields.finish(Some(()))?;
    for _ in 0..ATTEMPTS {
        let (current, account) = CurrentSession::find_with_account(app, request).await?;
        if !app.config.mails.delete_user {
            return Ok(Response::new(StatusCode::NOT_FOUND).with_static_header(CONTENT_TYPE, "application/json"));
        }
        let caller = (current.user(), &account);
        if let Some(password) = password {
            let password = Password::parse_short(password)?;
            if let Verdict::Wrong = app.passwords.verify(&password, Some(&account.password_hash)).await? {
                return Err(Error::InvalidPassword);
            }
        }
        if let Some(token) = token {
            if !accounts::may_delete(app, token, caller) {
                return Err(Error::from(&INVALID_TOKEN));
            }
        } else if app.config.mails.confirm_delete_user {
            accounts::request_deletion(app, request, caller, callback_url).await?;
            return http::json(StatusCode::OK, &DeletionJson::ASKED);
        } else if password.is_none() {
            current.check_fresh(app.clock.now()).map_err(|_| Error::from(&SESSION_EXPIRED))?;
        }
        if accounts::delete_account(app, request, caller).await? {
            let response = http::json(StatusCode::OK, &DeletionJson::DELETED)?;
            return Ok(response.with_session_cookie(SessionCookie::Removed, request));
        }
    }
    Err(Error::unavailable("the account was changed again and again while it was being deleted"))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("BetterAuthDeleteUser", json!({"password": "a long enough password"}))
        .unless_absent("password", Typed::text(0, Password::MAX_CHARS))
        .unless_absent("token", Typed::new(json!({"type": "string"})))
        .unless_absent("callbackURL", Typed::url(REDIRECT_BYTES));
    operation
        .about(
            "Delete the account",
            "With the password, the token from a mail or a session that is less than a day old. Where that is configured, a mail \
             with a link comes first.",
        )
        .signed_in()
        .takes(fields)
        .answers(StatusCode::OK, "It is deleted, or a link is on its way.", of::<DeletionJson>(), &["set-cookie"])
        .answers_nothing(StatusCode::NOT_FOUND, "Accounts cannot be deleted here, or the token is not valid.", &[])
        .refuses([Error::InvalidPassword, Error::PasswordTooLong])
        .refuses([&INVALID_TOKEN, &SESSION_EXPIRED].map(Error::from))
}
