//! `GET /api/auth/export`: everything that is kept of the caller, in pages.

use lambda_http::http::{StatusCode, header};
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::check_fresh,
    domain::{Session, SessionId, Task, TaskQuery, Timestamp, User},
    http::{self, Dialect, Request, Response, better_auth::UserJson},
    identity::cursor,
    ownership::Owner,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-export",
    method: "GET",
    path: "/api/auth/export",
    dialect: Dialect::Plain,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

/// A page. The first has all but what more there is of the tasks.
#[derive(Serialize, ToSchema)]
#[schema(as = ExportedPage)]
struct Page<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<Vec<ExportedSession<'a>>>,
    tasks: &'a [Task<'a>],
}

/// A session, without the token that is worth it.
#[derive(Serialize, ToSchema)]
struct ExportedSession<'a> {
    id: SessionId,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    created_at: Timestamp,
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    expires_at: Timestamp,
    ip_address: &'a str,
    user_agent: &'a str,
}

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let now = app.clock.now();
    let principal = app.principal(request)?;
    let caller = app.store.caller(&principal, now).await?;
    check_fresh(&caller.session, now)?;
    let owner = Owner::of(principal, &principal.user_id.to_string())?;
    let mut query = TaskQuery { limit: TaskQuery::MAX_LIMIT, ..TaskQuery::default() };
    let parameters = request.query();
    let from = parameters.filled("cursor");
    if let Some(from) = from {
        query.position = cursor::read(&app.keys, principal.user_id, &query, from)?;
    }
    let sessions = async {
        match from {
            None => app.store.sessions(principal.user_id, now).await.map(Some),
            Some(_) => Ok(None),
        }
    };
    let (listed, sessions) = tokio::try_join!(app.store.tasks(&owner, &query), sessions)?;
    let page = listed.page(&query)?;
    let live = sessions.as_ref().map(|sessions| live(sessions, &caller.user));
    let user = from.is_none().then(|| UserJson::from(&caller.user));
    let response = http::json(StatusCode::OK, &Page { user, sessions: live, tasks: &page.tasks })?;
    match page.next {
        None => Ok(response),
        Some(next) => {
            let cursor = cursor::issue(&app.keys, principal.user_id, &query, &next)?;
            response.with_header(header::LINK, &format!("</api/auth/export?cursor={cursor}>; rel=\"next\""))
        }
    }
}

fn live<'a>(sessions: &'a [Session], user: &User) -> Vec<ExportedSession<'a>> {
    let live = sessions.iter().filter(|session| !session.is_revoked(user));
    live.map(|session| ExportedSession {
        id: session.id,
        created_at: session.created_at,
        expires_at: session.expires_at,
        ip_address: &session.ip_address,
        user_agent: &session.user_agent,
    })
    .collect()
}

pub(crate) fn describe(operation: Operation) -> Operation {
    operation
        .about("Everything that is kept of the caller", "In pages, of which the first has the user and the sessions.")
        .signed_in()
        .query(
            "cursor",
            Typed::new(json!({"type": "string"})),
            "Where the page begins: from the `Link` of the one before.",
        )
        .answers(StatusCode::OK, "A page.", of::<Page<'_>>(), &["link"])
        .refuses([Error::Validation(vec![]), Error::SessionNotFresh])
}
