//! `POST /api/auth/send-verification-email`: sends a link to prove an address. Without a session it does not say whether there is
//! anything to prove.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, CurrentSession},
    domain::Email,
    error::BetterAuthRefusal,
    http::{
        self, Dialect, Request, Response,
        better_auth::{Payload, REDIRECT_BYTES},
    },
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    better_auth::status_json::StatusJson,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-send-verification-email",
    method: "POST",
    path: "/api/auth/send-verification-email",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::SEND_VERIFICATION_EMAIL),
    handle: |app, request| Box::pin(handle(app, request)),
};

const VERIFICATION_EMAIL_NOT_ENABLED: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::BAD_REQUEST,
    code: Some("VERIFICATION_EMAIL_NOT_ENABLED"),
    message: "Verification email isn't enabled",
};

const EMAIL_MISMATCH: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: Some("EMAIL_MISMATCH"), message: "Email mismatch" };

const EMAIL_ALREADY_VERIFIED: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::BAD_REQUEST,
    code: Some("EMAIL_ALREADY_VERIFIED"),
    message: "Email is already verified",
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let email = fields.email("email");
    let callback_url = fields.redirect("callbackURL").unwrap_or_default();
    let email = fields.finish(email)?;
    if !app.config.mails.enabled {
        return Err(Error::from(&VERIFICATION_EMAIL_NOT_ENABLED));
    }
    match CurrentSession::find_with_account(app, request).await {
        Ok((current, _)) if current.user().email != email.as_str() => return Err(Error::from(&EMAIL_MISMATCH)),
        Ok((current, _)) if current.user().email_verified => return Err(Error::from(&EMAIL_ALREADY_VERIFIED)),
        Ok((current, account)) => {
            accounts::request_own_verification(app, request, (current.user(), &account), callback_url).await?;
        }
        Err(Error::NotAuthenticated(_) | Error::SessionEnded(_)) => {
            accounts::request_verification(app, request, &email, callback_url).await?;
        }
        Err(error) => return Err(error),
    }
    http::json(StatusCode::OK, &StatusJson::DONE)
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields =
        Fields::new("BetterAuthSendVerificationEmail", json!({"email": "ann@example.com", "callbackURL": "/"}))
            .required("email", of::<Email>())
            .unless_absent("callbackURL", Typed::url(REDIRECT_BYTES));
    operation
        .about("Ask for a link that verifies an address", "To who is not signed in, the answer is always the same.")
        .signed_in_or_not()
        .takes(fields)
        .answers(StatusCode::OK, "It is on its way, if there is something to verify.", of::<StatusJson>(), &[])
        .refuses([&VERIFICATION_EMAIL_NOT_ENABLED, &EMAIL_MISMATCH, &EMAIL_ALREADY_VERIFIED].map(Error::from))
}
