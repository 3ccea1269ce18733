//! `GET /api/auth/verify-email`: follows a link about an address: proves it, agrees to another one, or takes that.

use lambda_http::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    App, Error,
    accounts::{self, CurrentSession, SessionTerms, Verification, VerificationRefused, begin_session, with_session},
    error::BetterAuthRefusal,
    http::{
        Dialect, Request, Response,
        better_auth::{Callback, UserJson, redirect_to_callback},
        json,
    },
};

use crate::{Class, Endpoint};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-email",
    method: "GET",
    path: "/api/auth/verify-email",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    handle: |app, request| Box::pin(handle(app, request)),
};

const fn refusal(code: &'static str, message: &'static str) -> BetterAuthRefusal {
    BetterAuthRefusal { status: StatusCode::UNAUTHORIZED, code: Some(code), message }
}

const INVALID_TOKEN: BetterAuthRefusal = refusal("INVALID_TOKEN", "Invalid token");
const TOKEN_EXPIRED: BetterAuthRefusal = refusal("TOKEN_EXPIRED", "Token expired");
const USER_NOT_FOUND: BetterAuthRefusal = refusal("USER_NOT_FOUND", "User not found");
const INVALID_USER: BetterAuthRefusal = refusal("INVALID_USER", "Invalid user");

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let (token, callback) = Callback::with_token(request, &app.config)?;
    let done = |user: Option<Value>| match &callback {
        Some(callback) => redirect_to_callback(request, callback, &[]),
        None => json(StatusCode::OK, &json!({"status": true, "user": user})),
    };
    let callback_url = callback.as_ref().map(Callback::as_str).unwrap_or_default();
    match accounts::verify_email(app, request, &token, callback_url).await? {
        Verification::AlreadyVerified => done(None),
        Verification::Verified(user) => {
            let response = done(None)?;
            if !app.config.mails.sign_in_after_verification {
                return Ok(response);
            }
            let session = begin_session(app, &user, &SessionTerms::of_browser(request, true)).await?;
            Ok(with_session(app, request, &session, response))
        }
        Verification::ChangeConfirmed => match &callback {
            Some(callback) => redirect_to_callback(request, callback, &[]),
            None => json(StatusCode::OK, &json!({"status": true})),
        },
        Verification::EmailChanged(user) => {
            let response = done(Some(json!(UserJson::from(&*user))))?;
            // Where the link was followed by who is signed in, the cookie goes on.
            match CurrentSession::find(app, request).await {
                Ok(current) if current.user().id == user.id => {
                    Ok(with_session(app, request, current.session(), response))
                }
                _ => Ok(response),
            }
        }
        Verification::Refused(refused) => {
            let refusal = match refused {
                VerificationRefused::InvalidToken => &INVALID_TOKEN,
                VerificationRefused::TokenExpired => &TOKEN_EXPIRED,
                VerificationRefused::UserNotFound => &USER_NOT_FOUND,
                VerificationRefused::InvalidUser => &INVALID_USER,
            };
            match (&callback, refusal.code) {
                (Some(callback), Some(code)) => redirect_to_callback(request, callback, &[("error", code)]),
                _ => Err(Error::from(refusal)),
            }
        }
    }
}
