//! `GET /api/auth/get-session`: who is signed in, or `null`.

use lambda_http::http::{HeaderName, StatusCode, header};
use serde_json::json;
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response, UserJson, cookies},
    identity::{BrowserSession, access_token},
};

use super::json::SessionJson;
use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-get-session",
    method: "GET",
    path: "/api/auth/get-session",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    // Any text but none asks for it, even `false`.
    let extend = request.query().get("disableRefresh").is_none_or(str::is_empty);
    let response = match BrowserSession::find(app, request, extend).await {
        Ok(session) => signed_in(app, request, &session)?,
        Err(Error::NotAuthenticated(_)) => signed_out(request, false)?,
        Err(Error::SessionEnded(_)) => signed_out(request, true)?,
        Err(error) => return Err(error),
    };
    Ok(response.with_static_header(header::PRAGMA, "no-cache"))
}

fn signed_in(app: &App, request: &Request, session: &BrowserSession) -> Result<Response, Error> {
    let (user, row) = (session.user(), session.session());
    let jwt = access_token::issue_short(&app.keys, user, row, &request.own_origin, app.clock.now())?;
    let body = json!({"session": SessionJson::of(app, row), "user": UserJson::from(user)});
    let response = http::json(StatusCode::OK, &body)?.with_header(SET_AUTH_JWT, &jwt)?;
    Ok(without_session_data(request, session.answer(app, request, response)))
}

fn signed_out(request: &Request, had_session: bool) -> Result<Response, Error> {
    let response = http::json(StatusCode::OK, &json!(null))?;
    if had_session {
        Ok(cookies::clear(response, &request.own_origin))
    } else {
        Ok(without_session_data(request, response))
    }
}

/// A browser that still has a session cached from elsewhere is told to forget it.
fn without_session_data(request: &Request, response: Response) -> Response {
    if request.cookie(&cookies::session_data_cookie_name(&request.own_origin)).is_some() {
        cookies::clear_session_data(response, &request.own_origin)
    } else {
        response
    }
}
