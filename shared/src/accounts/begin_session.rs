use super::SessionTerms;
use crate::{
    App, Error,
    domain::{Session, SessionId, Timestamp, User},
    dynamodb::MAX_WRITES,
    telemetry,
};

/// From how many other sessions on they are counted again once the new one is written. So many people would have to sign in to one
/// account within one round trip for there to be more than [`Session::MAX_PER_USER`].
const NEARLY_FULL: usize = Session::MAX_PER_USER - 10;

/// Begins a session of somebody who has proven who they are, under the epoch of the read that `user` is from.
///
/// # Errors
/// Those of the store.
pub async fn begin_session(app: &App, user: &User, terms: &SessionTerms<'_>) -> Result<Session, Error> {
    let session = terms.begin(SessionId(app.random.uuid()?), user, app.clock.now());
    begin(app, user, &session).await?;
    Ok(session)
}

/// Writes a session, and reads the user's others at the same time, which are given: those that have ended among them, without those
/// of the last moment. Where there are too many, room is made, which takes two more calls, and no sign-in is refused for it.
///
/// # Errors
/// Those of the store, of the write alone.
pub(super) async fn begin(app: &App, user: &User, session: &Session) -> Result<Vec<Session>, Error> {
    let (begun, others) = tokio::join!(app.store.create_session(session), app.store.all_sessions(user.id, false));
    begun?;
    let mut others = others.unwrap_or_else(|error| {
        telemetry::log_postponed("looking at sessions", &error);
        Vec::new()
    });
    others.retain(|other| other.id != session.id);
    if others.len() >= NEARLY_FULL
        && let Err(error) = make_room(app, user, session).await
    {
        telemetry::log_postponed("making room for a session", &error);
    }
    Ok(others)
}

/// Deletes what is too much: what has ended first, then what began first, and never the session that room is made for.
async fn make_room(app: &App, user: &User, session: &Session) -> Result<(), Error> {
    let mut sessions = app.store.all_sessions(user.id, true).await?;
    let too_many = sessions.len().saturating_sub(Session::MAX_PER_USER).min(MAX_WRITES);
    if too_many == 0 {
        return Ok(());
    }
    sessions.retain(|other| other.id != session.id);
    let now = app.clock.now();
    sessions.sort_by_key(|other| (lives(other, user, now), other.created_at));
    app.store.delete_sessions(sessions.iter().take(too_many).map(Session::principal)).await
}

/// Whether a session counts, as far as `user` was read with the password.
fn lives(session: &Session, user: &User, now: Timestamp) -> bool {
    session.expires_at > now && !session.is_revoked(user)
}
