//! `GET /api/auth/verify-email`: follows a link about an address: proves it, agrees to another one, or takes that.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, CurrentSession, SessionTerms, Verification, VerificationRefused, begin_session, with_session},
    error::BetterAuthRefusal,
    http::{
        self, Dialect, Request, Response,
        better_auth::{Callback, INVALID_CALLBACK_URL, UserJson, redirect_to_callback},
    },
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-verify-email",
    method: "GET",
    path: "/api/auth/verify-email",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::link("verify-email")),
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
    let done = |user: Option<Option<UserJson<'_>>>| match &callback {
        Some(callback) => Ok(redirect_to_callback(callback, &[])),
        None => http::json(StatusCode::OK, &VerifiedJson { status: true, user }),
    };
    let callback_url = callback.as_ref().map(Callback::as_str).unwrap_or_default();
    match accounts::verify_email(app, request, &token, callback_url).await? {
        Verification::AlreadyVerified => done(Some(None)),
        Verification::Verified(user) => {
            let response = done(Some(None))?;
            if !app.config.mails.sign_in_after_verification {
                return Ok(response);
            }
            match CurrentSession::find(app, request).await {
                Ok(current) if current.user().id == user.id => {
                    Ok(with_session(app, request, &user.email, current.session(), response))
                }
                // A link to an account of the attacker's takes nobody out of their own.
                Ok(_) => Ok(response),
                Err(Error::NotAuthenticated(_) | Error::SessionEnded(_)) => {
                    let session = begin_session(app, &user, &SessionTerms::of_browser(request, true)).await?;
                    Ok(with_session(app, request, &user.email, &session, response))
                }
                Err(error) => Err(error),
            }
        }
        Verification::ChangeConfirmed => done(None),
        Verification::EmailChanged(user) => {
            let response = done(Some(Some(UserJson::from(&*user))))?;
            // Where the link was followed by who is signed in, the cookie goes on.
            match CurrentSession::find(app, request).await {
                Ok(current) if current.user().id == user.id => {
                    Ok(with_session(app, request, &user.email, current.session(), response))
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
                (Some(callback), Some(code)) => Ok(redirect_to_callback(callback, &[("error", code)])),
                _ => Err(Error::from(refusal)),
            }
        }
    }
}

/// That it is done, and the user where the address is another now; where one was agreed to, there is no `user`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthVerified)]
struct VerifiedJson<'a> {
    status: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Option<UserJson<'a>>>,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Follow a link about an address", "It verifies it, agrees to another one, or takes that.")
        .signed_in_or_not()
        .required_query("token", Typed::new(json!({"type": "string"})), "The token from the mail.")
        .query(
            "callbackURL",
            Typed::new(json!({"type": "string"})),
            "Where to go next: a path of this site, or a trusted origin.",
        )
        .answers(StatusCode::OK, "It is done.", of::<VerifiedJson<'_>>(), &["set-auth-token", "set-cookie"])
        .answers_nothing(
            StatusCode::FOUND,
            "To `callbackURL`, with `error` in its query where it is not done.",
            &["location", "set-auth-token", "set-cookie"],
        )
        .refuses([Error::Validation(vec![]), Error::OutcomeUnknown("".into())])
        .refuses(
            [&INVALID_TOKEN, &TOKEN_EXPIRED, &USER_NOT_FOUND, &INVALID_USER, &INVALID_CALLBACK_URL].map(Error::from),
        )
}
