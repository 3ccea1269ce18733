//! The one error type: what can go wrong, with stable codes.
//!
//! Endpoints return it, [`crate::http`] renders it in the dialect of the route from its [row](Error::row) in the table of
//! refusals. The cause of a failure is logged once and never part of an answer.

mod table;

pub use table::{BetterAuthRefusal, Refusal};

use crate::domain::{Invalid, PasswordUnfit};

/// What led to an [`Error::Unavailable`], [`Error::OutcomeUnknown`] or [`Error::Internal`]: for the log alone.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// One thing that is wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Violation {
    /// Where: a JSON pointer (RFC 6901) into the body, or `/` and the name of a query parameter or header.
    pub pointer: String,
    /// What: one sentence.
    pub detail: String,
}

impl Violation {
    /// A violation at `/name`.
    pub fn at(name: &str, Invalid(detail): Invalid) -> Self {
        Self { pointer: format!("/{name}"), detail: detail.into_owned() }
    }
}

/// Everything that can go wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was sent is well formed but not acceptable: all that is wrong with it.
    #[error("validation failed")]
    Validation(Vec<Violation>),
    /// The body is not JSON: where and why, in words that quote nothing of it.
    #[error("malformed JSON: {0}")]
    MalformedJson(String),
    /// A body is needed, and there is none.
    #[error("empty body")]
    BodyEmpty,
    /// The arrays and objects in the body are nested deeper than 128 levels.
    #[error("JSON nested too deeply")]
    NestedTooDeeply,
    /// The body is compressed or otherwise coded.
    #[error("unsupported content encoding")]
    ContentEncoded,
    /// The body is longer than [`crate::http::MAX_BODY_BYTES`].
    #[error("body too large")]
    BodyTooLarge,
    /// The body is not declared as one of the types that the route takes.
    #[error("unsupported media type")]
    UnsupportedMediaType {
        /// What it is declared as; empty if nothing.
        sent: String,
        /// What the route takes.
        allowed: &'static str,
    },
    /// No credential, or one that is not accepted.
    #[error("not authenticated: {0}")]
    NotAuthenticated(&'static str),
    /// A credential of ours, of a session that has ended or an account that is disabled or gone.
    #[error("session ended: {0}")]
    SessionEnded(&'static str),
    /// The email or the password is wrong: which one stays unsaid.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// The password of somebody who is signed in is wrong.
    #[error("invalid password")]
    InvalidPassword,
    /// The password was right, but the account is disabled.
    #[error("account disabled")]
    AccountDisabled,
    /// The password was right, but the address is not known to be the user's, which the configuration asks for.
    #[error("email not verified")]
    EmailNotVerified,
    /// A code from a mail does not count: it is none of ours, was used, has expired, or the account has changed since.
    #[error("invalid code")]
    InvalidCode,
    /// What is asked for takes a mail, and there is nobody to send it.
    #[error("no mails are sent")]
    MailDisabled,
    /// The session began too long ago for what is asked.
    #[error("session not fresh")]
    SessionNotFresh,
    /// The path belongs to another user, who may or may not exist.
    #[error("access denied")]
    AccessDenied,
    /// A request that has to say where it comes from, and does not.
    #[error("no origin")]
    OriginMissing,
    /// A request from a page that is not trusted.
    #[error("untrusted origin")]
    OriginUntrusted,
    /// The API does not answer at its own address, only at the web application's.
    #[error("address closed")]
    AddressClosed,
    /// A password to be set is too short.
    #[error("password too short")]
    PasswordTooShort,
    /// A password is too long.
    #[error("password too long")]
    PasswordTooLong,
    /// A password to be set is one of those that are tried first.
    #[error("password too common")]
    PasswordTooCommon,
    /// No route has this path.
    #[error("route not found")]
    RouteNotFound,
    /// The path's routes have other methods, which are named.
    #[error("method not allowed")]
    MethodNotAllowed(String),
    /// The email belongs to an account already.
    #[error("email taken")]
    EmailTaken,
    /// The credential is good, but its account is gone.
    #[error("user not found")]
    UserNotFound,
    /// The caller has no task of this id.
    #[error("task not found")]
    TaskNotFound,
    /// The task is not in the version that the request is meant for.
    #[error("precondition failed")]
    PreconditionFailed,
    /// The idempotency key came with another request before.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// The caller has as many tasks as a user may have.
    #[error("too many tasks")]
    TooManyTasks,
    /// There were too many requests of one kind; another may be allowed after so many seconds.
    #[error("too many requests")]
    RateLimited(u64),
    /// What the Better Auth dialect alone can answer.
    #[error("{}", .0.message)]
    BetterAuth(&'static BetterAuthRefusal),
    /// The store did not answer in time or asked to slow down, and nothing was done: the request may be sent again.
    #[error("unavailable: {0}")]
    Unavailable(#[source] Cause),
    /// The store did not say in time whether it has done what it was asked to.
    #[error("outcome unknown: {0}")]
    OutcomeUnknown(#[source] Cause),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(#[source] Cause),
}

impl Error {
    /// A fault of ours.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// The store cannot be used at the moment.
    pub fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// A single violation at `/name`.
    pub fn invalid(name: &str, invalid: impl Into<Invalid>) -> Self {
        Self::Validation(vec![Violation::at(name, invalid.into())])
    }
}

impl From<&'static BetterAuthRefusal> for Error {
    fn from(refusal: &'static BetterAuthRefusal) -> Self {
        Self::BetterAuth(refusal)
    }
}

impl From<PasswordUnfit> for Error {
    fn from(unfit: PasswordUnfit) -> Self {
        match unfit {
            PasswordUnfit::TooShort => Self::PasswordTooShort,
            PasswordUnfit::TooLong => Self::PasswordTooLong,
            PasswordUnfit::TooCommon => Self::PasswordTooCommon,
        }
    }
}
