//! `POST /api/auth/change-password`: changes the password and, if asked, ends all other sessions.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, CurrentSession, SessionTerms, with_session},
    domain::{NewPassword, Password},
    http::{
        self, Dialect, Request, Response,
        better_auth::{Payload, UserJson},
    },
    identity::session_token,
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-change-password",
    method: "POST",
    path: "/api/auth/change-password",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Hashing,
    limit: Some(Limit::password("change-password")),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let input = parse(request)?;
    let (mut session, account) = CurrentSession::find_with_account(app, request).await?;
    let new_password = NewPassword::parse_better_auth(input.new_password)?;
    let current_password = Password::parse_short(input.current_password)?;
    let terms = SessionTerms::of_browser(request, session.session().remember);
    let terms = input.revoke_other_sessions.then_some(&terms);
    let new_session =
        accounts::change_password(app, request, (&mut session, account), &current_password, &new_password, terms)
            .await?;

    let token = new_session.as_ref().map(|session| session_token::issue(&app.keys, &session.principal()));
    let response = http::json(StatusCode::OK, &ChangedJson { token, user: UserJson::from(session.user()) })?;
    Ok(match &new_session {
        Some(new_session) => with_session(app, request, &session.user().email, new_session, response),
        None => response,
    })
}

struct Input<'a> {
    new_password: &'a str,
    current_password: &'a str,
    revoke_other_sessions: bool,
}

fn parse(request: &Request) -> Result<Input<'_>, Error> {
    let mut fields = Payload::object(request);
    let new_password = fields.string("newPassword");
    let current_password = fields.string("currentPassword");
    let revoke_other_sessions = fields.optional_boolean("revokeOtherSessions").unwrap_or(false);
    fields.finish(new_password.zip(current_password).map(|(new_password, current_password)| Input {
        new_password,
        current_password,
        revoke_other_sessions,
    }))
}

/// The user, with the token of the session that took the place of the others.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthPasswordChanged)]
struct ChangedJson<'a> {
    #[schema(required)]
    token: Option<String>,
    user: UserJson<'a>,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new(
        "BetterAuthChangePassword",
        json!({"currentPassword": "a long enough password", "newPassword": "a longer one than before", "revokeOtherSessions": true}),
    )
    .required("currentPassword", Typed::text(0, Password::MAX_CHARS))
    .required("newPassword", Typed::text(8, Password::MAX_CHARS))
    .unless_absent("revokeOtherSessions", Typed::new(json!({"type": "boolean"})));
    operation
        .about(
            "Change the password",
            "With `revokeOtherSessions` all sessions end, and the answer has the token of a new one.",
        )
        .signed_in()
        .takes(fields)
        .answers(StatusCode::OK, "It is changed.", of::<ChangedJson<'_>>(), &["set-auth-token", "set-cookie"])
        .refuses([Error::InvalidPassword, Error::PasswordTooShort, Error::PasswordTooLong, Error::PasswordTooCommon])
}
