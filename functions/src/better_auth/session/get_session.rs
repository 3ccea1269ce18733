//! `GET /api/auth/get-session`: who is signed in, or `null`.

use lambda_http::http::{HeaderName, StatusCode, header};
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::CurrentSession,
    error::BetterAuthRefusal,
    http::{
        self, Dialect, Request, Response,
        better_auth::UserJson,
        cookies::{SessionCookie, session_data_cookie_name},
    },
    identity::access_token,
    limits::Limit,
};
use utoipa::ToSchema;

use super::session_json::SessionJson;
use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-get-session",
    method: "GET",
    path: "/api/auth/get-session",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("get-session")),
    handle: |app, request| Box::pin(handle(app, request)),
};

/// Sessions are read with `GET`; that server extends them with `POST` where it is configured to.
pub(crate) const POST_GET_SESSION: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: Some("METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED"),
    message: "POST method requires deferSessionRefresh to be enabled in session config",
};

const SET_AUTH_JWT: HeaderName = HeaderName::from_static("set-auth-jwt");

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    // Any text but none asks for it, even `false`.
    let extend = request.query().get("disableRefresh").is_none_or(str::is_empty);
    let found = if extend {
        CurrentSession::find_and_extend(app, request).await
    } else {
        CurrentSession::find(app, request).await
    };
    let response = match found {
        Ok(session) => signed_in(app, request, &session)?,
        Err(Error::NotAuthenticated(_)) => signed_out(request, false)?,
        Err(Error::SessionEnded(_)) => signed_out(request, true)?,
        Err(error) => return Err(error),
    };
    Ok(response.with_static_header(header::PRAGMA, "no-cache"))
}

fn signed_in(app: &App, request: &Request, session: &CurrentSession) -> Result<Response, Error> {
    let (user, row) = (session.user(), session.session());
    let jwt = access_token::issue_for_services(&app.keys, user, row, &request.own_origin, app.clock.now())?;
    let body = SignedInJson { session: SessionJson::of(app, row), user: UserJson::from(user) };
    let response = http::json(StatusCode::OK, &body)?.with_header(SET_AUTH_JWT, &jwt)?;
    Ok(without_session_data(request, session.answer(app, request, response)))
}

fn signed_out(request: &Request, had_session: bool) -> Result<Response, Error> {
    let response = http::json(StatusCode::OK, &json!(null))?;
    if had_session {
        Ok(response.with_session_cookie(SessionCookie::Removed, request))
    } else {
        Ok(without_session_data(request, response))
    }
}

/// A browser that still has a session cached from elsewhere is told to forget it.
fn without_session_data(request: &Request, response: Response) -> Response {
    let is_cached = request.cookies(&session_data_cookie_name(&request.own_origin)).next().is_some();
    if is_cached { response.with_session_cookie(SessionCookie::CacheRemoved, request) } else { response }
}

/// A session and its user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthSignedIn)]
struct SignedInJson<'a> {
    session: SessionJson<'a>,
    user: UserJson<'a>,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Who is signed in", "A session that is more than a day old is extended, and its cookie set again.")
        .signed_in_or_not()
        .query(
            "disableRefresh",
            Typed::new(json!({"type": "string"})),
            "Any text but none: the session is not extended.",
        )
        .answers(
            StatusCode::OK,
            "The session and its user, or `null`.",
            of::<SignedInJson<'_>>().or_null(),
            &["pragma", "set-auth-jwt", "set-auth-token", "set-cookie"],
        )
}
