//! The one error type: what can go wrong, with stable codes.
//!
//! Endpoints return it, [`crate::http`] renders it in the dialect of the route. The cause of a failure is logged once
//! and never part of an answer.

use crate::domain::{Invalid, PasswordLength};

/// What led to an [`Error::Unavailable`] or [`Error::Internal`]: for the log alone.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// One thing that is wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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

impl From<PasswordLength> for Error {
    fn from(length: PasswordLength) -> Self {
        match length {
            PasswordLength::TooShort => Self::PasswordTooShort,
            PasswordLength::TooLong => Self::PasswordTooLong,
        }
    }
}

/// Everything that can go wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was sent is well formed but not acceptable: all that is wrong with it.
    #[error("validation failed")]
    Validation(Vec<Violation>),
    /// The body is not JSON.
    #[error("malformed JSON: {0}")]
    MalformedJson(String),
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
    /// The session began too long ago for what is asked.
    #[error("session not fresh")]
    SessionNotFresh,
    /// The email or the password is wrong: which one stays unsaid.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// The password was right, but the account is disabled.
    #[error("account disabled")]
    AccountDisabled,
    /// The path belongs to another user, who may or may not exist.
    #[error("access denied")]
    AccessDenied,
    /// A request that has to say where it comes from, and does not.
    #[error("no origin")]
    OriginMissing,
    /// A request from a page that is not trusted.
    #[error("untrusted origin")]
    OriginUntrusted,
    /// A sign-in that another site's page navigated to.
    #[error("cross-site sign-in")]
    CrossSiteSignIn,
    /// A redirect to a place that is not trusted, in the field named.
    #[error("untrusted redirect target in {0}")]
    RedirectUntrusted(&'static str),
    /// A redirect to what is no text, in the field named.
    #[error("no text in {0}")]
    RedirectNotText(&'static str),
    /// The email is no address.
    #[error("invalid email")]
    InvalidEmail,
    /// A password to be set is too short.
    #[error("password too short")]
    PasswordTooShort,
    /// A password is too long.
    #[error("password too long")]
    PasswordTooLong,
    /// The password of somebody who is signed in is wrong.
    #[error("invalid password")]
    InvalidPassword,
    /// The email cannot be changed this way.
    #[error("email cannot be updated")]
    EmailCannotBeUpdated,
    /// Nothing that can be changed was sent.
    #[error("nothing to update")]
    NothingToUpdate,
    /// No route has this path.
    #[error("route not found")]
    RouteNotFound,
    /// The path's routes have other methods, which are named.
    #[error("method not allowed")]
    MethodNotAllowed(String),
    /// Sessions are read with `GET`.
    #[error("session refresh by POST is off")]
    PostGetSession,
    /// The email belongs to an account already.
    #[error("email taken")]
    EmailTaken,
    /// The user of a valid token is gone.
    #[error("user not found")]
    UserNotFound,
    /// The caller has no such task.
    #[error("task not found")]
    TaskNotFound,
    /// `If-Match` names another version than the current one.
    #[error("precondition failed")]
    PreconditionFailed,
    /// The idempotency key was used with another body.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// The store did not answer in time or asked to slow down: the request may be sent again.
    #[error("unavailable: {0}")]
    Unavailable(#[source] Cause),
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

    /// The stable machine-readable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Validation(_)
            | Self::RedirectNotText(_)
            | Self::InvalidEmail
            | Self::PasswordTooShort
            | Self::PasswordTooLong
            | Self::EmailCannotBeUpdated
            | Self::NothingToUpdate => "validation_failed",
            Self::MalformedJson(_) => "malformed_json",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedMediaType { .. } => "unsupported_media_type",
            Self::NotAuthenticated(_) | Self::SessionEnded(_) => "not_authenticated",
            Self::SessionNotFresh => "session_not_fresh",
            Self::InvalidCredentials | Self::InvalidPassword => "invalid_credentials",
            Self::AccountDisabled => "account_disabled",
            Self::AccessDenied => "access_denied",
            Self::OriginMissing | Self::OriginUntrusted | Self::CrossSiteSignIn => "untrusted_origin",
            Self::RedirectUntrusted(_) => "untrusted_redirect",
            Self::EmailTaken => "email_taken",
            Self::UserNotFound => "user_not_found",
            Self::TaskNotFound => "task_not_found",
            Self::RouteNotFound => "route_not_found",
            Self::MethodNotAllowed(_) | Self::PostGetSession => "method_not_allowed",
            Self::PreconditionFailed => "precondition_failed",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}
