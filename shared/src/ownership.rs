//! Ownership as a type: whoever has an [`Owner`] has checked that the path is the caller's.
//!
//! Reading tasks takes an [`Owner`], changing them a [`LiveOwner`], and only this module makes either. An endpoint that
//! forgets a check does not compile.

use crate::{
    App, Error,
    domain::{Task, TaskId, UserId},
    http::Request,
    identity::{Principal, authenticate},
};

/// The user in the path, who is the caller.
#[derive(Debug)]
pub struct Owner {
    principal: Principal,
}

/// An [`Owner`] whose session is known to be alive.
#[derive(Debug)]
pub struct LiveOwner(Owner);

impl Owner {
    /// Who is calling, if the path's `user_id` is theirs. No I/O: whether the session is alive is still open.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] without a valid credential, [`Error::AccessDenied`] if the path is not the caller's,
    /// whether or not it is anybody's.
    pub fn of(app: &App, request: &Request) -> Result<Self, Error> {
        let principal = authenticate(app, request)?;
        if request.path_parameter("user_id") == principal.user_id.to_string() {
            Ok(Self { principal })
        } else {
            Err(Error::AccessDenied)
        }
    }

    /// The user's id.
    pub fn user_id(&self) -> UserId {
        self.principal.user_id
    }

    pub(crate) fn principal(&self) -> &Principal {
        &self.principal
    }

    /// One of the owner's tasks, read together with the session that it takes to see it.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the session has ended, [`Error::TaskNotFound`], [`Error::Unavailable`] or
    /// [`Error::Internal`].
    pub async fn task(&self, app: &App, task_id: TaskId) -> Result<Task, Error> {
        app.store.task(self, task_id, app.clock.now()).await.map_err(without_account)
    }

    /// Runs a read beside the check that the session is alive: one round trip of time. What was read is dropped unless
    /// the caller may have it.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the session has ended, else those of the read.
    pub async fn while_alive<T>(&self, app: &App, read: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let (alive, data) = tokio::join!(self.check_alive(app), read);
        alive?;
        data
    }

    /// Makes sure that the session is alive, before anything changes.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] if the session has ended.
    pub async fn confirm(self, app: &App) -> Result<LiveOwner, Error> {
        self.check_alive(app).await?;
        Ok(LiveOwner(self))
    }

    async fn check_alive(&self, app: &App) -> Result<(), Error> {
        app.store.check_alive(&self.principal, app.clock.now()).await.map_err(without_account)
    }
}

/// Nobody owns anything without an account.
fn without_account(error: Error) -> Error {
    match error {
        Error::UserNotFound => Error::SessionEnded("the account is gone"),
        error => error,
    }
}

impl LiveOwner {
    /// The user's id.
    pub fn user_id(&self) -> UserId {
        self.0.user_id()
    }
}
