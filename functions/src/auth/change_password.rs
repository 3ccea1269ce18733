//! `POST /api/auth/change-password`: changes the password and, if asked, ends all other sessions.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    domain::{NewPassword, Password, SessionId},
    http::{self, Dialect, Request, Response, Schema, UserJson},
    identity::{BrowserSession, hand_over, password_hash::Verdict, session_token},
};

use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-change-password",
    method: "POST",
    path: "/api/auth/change-password",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let input = parse(request)?;
    let (session, account) = BrowserSession::require_with_account(app, request).await?;
    let new_password = NewPassword::parse_utf16(input.new_password)?;
    let current_password = Password::parse_utf16(input.current_password)?;
    if app.passwords.verify(&current_password, Some(&account.password_hash)).await? == Verdict::Wrong {
        return Err(Error::InvalidPassword);
    }
    let new_hash = app.passwords.hash(new_password.as_password()).await?;
    let now = app.clock.now();
    let user = session.user();

    // With every other session revoked, the caller gets a new one: whoever knew the old token knows nothing more.
    let new_session = if input.revoke_other_sessions {
        let terms = BrowserSession::terms(request, session.session().remember);
        let mut new_session = terms.begin(SessionId(app.random.uuid()?), user, now);
        new_session.epoch = user.session_epoch.saturating_add(1);
        Some(new_session)
    } else {
        None
    };
    app.store.change_password(user, &account, &new_hash, new_session.as_ref(), now).await?;

    let token = new_session.as_ref().map(|session| session_token::issue(&app.keys, &session.principal()));
    let response = http::json(StatusCode::OK, &json!({"token": token, "user": UserJson::from(user)}))?;
    Ok(match &new_session {
        Some(new_session) => hand_over(app, request, new_session, response),
        None => response,
    })
}

struct Input<'a> {
    new_password: &'a str,
    current_password: &'a str,
    revoke_other_sessions: bool,
}

fn parse(request: &Request) -> Result<Input<'_>, Error> {
    let mut fields = Schema::object(request);
    let new_password = fields.string("newPassword");
    let current_password = fields.string("currentPassword");
    let revoke_other_sessions = fields.optional_boolean("revokeOtherSessions").unwrap_or(false);
    fields.finish(new_password.zip(current_password).map(|(new_password, current_password)| Input {
        new_password,
        current_password,
        revoke_other_sessions,
    }))
}
