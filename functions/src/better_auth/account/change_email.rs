//! `POST /api/auth/change-email`: asks for another address. Links in mails make the change.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, CurrentSession, EmailChange, with_session},
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
    name: "auth-change-email",
    method: "POST",
    path: "/api/auth/change-email",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::CHANGE_EMAIL),
    handle: |app, request| Box::pin(handle(app, request)),
};

const CHANGE_EMAIL_DISABLED: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::BAD_REQUEST,
    code: Some("CHANGE_EMAIL_DISABLED"),
    message: "Change email is disabled",
};

const EMAIL_IS_THE_SAME: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: None, message: "Email is the same" };

const VERIFICATION_EMAIL_NOT_ENABLED: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: None, message: "Verification email isn't enabled" };

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let mut fields = Payload::object(request);
    let new_email = fields.email("newEmail");
    let callback_url = fields.redirect("callbackURL").unwrap_or_default();
    let new_email = fields.finish(new_email)?;
    // Beside each other: whose address it is waits for nobody, and is said to nobody.
    let caller = CurrentSession::find_with_account(app, request);
    let ((current, account), taken) = tokio::try_join!(caller, app.store.credential(&new_email))?;
    let mails = &app.config.mails;
    if !mails.change_email {
        return Err(Error::from(&CHANGE_EMAIL_DISABLED));
    }
    if current.user().email == new_email.as_str() {
        return Err(Error::from(&EMAIL_IS_THE_SAME));
    }
    let at_once = !current.user().email_verified && mails.change_unverified_email_at_once;
    if !mails.enabled && !at_once {
        return Err(Error::from(&VERIFICATION_EMAIL_NOT_ENABLED));
    }
    let (caller, asked) = ((current.user(), &account), (&new_email, taken.is_some()));
    let changed = accounts::change_email(app, request, caller, asked, callback_url).await?;
    let response = http::json(StatusCode::OK, &StatusJson::DONE)?;
    Ok(match changed {
        EmailChange::Made => with_session(app, request, new_email.as_str(), current.session(), response),
        EmailChange::Asked => response,
    })
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields =
        Fields::new("BetterAuthChangeEmail", json!({"newEmail": "new@example.com", "callbackURL": "/settings"}))
            .required("newEmail", of::<Email>())
            .unless_absent("callbackURL", Typed::url(REDIRECT_BYTES));
    operation
        .about(
            "Ask for another address",
            "A link in a mail makes the change. The answer is the same where somebody has the address.",
        )
        .signed_in()
        .takes(fields)
        .answers(StatusCode::OK, "It is asked for.", of::<StatusJson>(), &["set-auth-token", "set-cookie"])
        .refuses([&CHANGE_EMAIL_DISABLED, &EMAIL_IS_THE_SAME, &VERIFICATION_EMAIL_NOT_ENABLED].map(Error::from))
}
