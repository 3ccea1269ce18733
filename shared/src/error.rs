//! The one error type: what can go wrong, with stable codes.
//!
//! Endpoints return it, [`crate::http`] renders it in the dialect of the route. The cause of a failure is logged once
//! and never part of an answer.

use std::borrow::Cow;

use lambda_http::http::StatusCode;

use crate::domain::Invalid;

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
    /// The body is not declared as JSON.
    #[error("unsupported media type")]
    UnsupportedMediaType,
    /// No credential, or one that is not accepted.
    #[error("not authenticated: {0}")]
    NotAuthenticated(&'static str),
    /// The email or the password is wrong: which one stays unsaid.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// The password was right, but the account is disabled.
    #[error("account disabled")]
    AccountDisabled,
    /// The path belongs to another user, who may or may not exist.
    #[error("access denied")]
    AccessDenied,
    /// A request with a cookie that does not come from a trusted origin.
    #[error("untrusted origin")]
    UntrustedOrigin,
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
            Self::Validation(_) => "validation_failed",
            Self::MalformedJson(_) => "malformed_json",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::NotAuthenticated(_) => "not_authenticated",
            Self::InvalidCredentials => "invalid_credentials",
            Self::AccountDisabled => "account_disabled",
            Self::AccessDenied => "access_denied",
            Self::UntrustedOrigin => "untrusted_origin",
            Self::EmailTaken => "email_taken",
            Self::UserNotFound => "user_not_found",
            Self::TaskNotFound => "task_not_found",
            Self::PreconditionFailed => "precondition_failed",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// The HTTP status in the plain dialect.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MalformedJson(_) | Self::EmailTaken => StatusCode::BAD_REQUEST,
            Self::NotAuthenticated(_) | Self::InvalidCredentials => StatusCode::UNAUTHORIZED,
            Self::AccountDisabled | Self::AccessDenied | Self::UntrustedOrigin => StatusCode::FORBIDDEN,
            Self::UserNotFound | Self::TaskNotFound => StatusCode::NOT_FOUND,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Validation(_) | Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// One sentence for a person. Clients show it as it is.
    pub fn detail(&self) -> Cow<'static, str> {
        match self {
            Self::Validation(violations) => match violations.as_slice() {
                [only] => only.detail.clone().into(),
                _ => "Several of the values sent are not valid; see errors.".into(),
            },
            Self::MalformedJson(where_) => format!("The request body is not valid JSON: {where_}.").into(),
            Self::BodyTooLarge => "The request body must be at most 64 KiB long.".into(),
            Self::UnsupportedMediaType => {
                "The request body must be JSON, sent with Content-Type: application/json.".into()
            }
            Self::NotAuthenticated(_) => "Could not validate credentials".into(),
            Self::InvalidCredentials => "Invalid email or password".into(),
            Self::AccountDisabled => "Account is disabled".into(),
            Self::AccessDenied => "Access denied to this resource".into(),
            Self::UntrustedOrigin => {
                "A request with a cookie must come from a trusted origin, named in its Origin header.".into()
            }
            Self::EmailTaken => "Email already registered".into(),
            Self::UserNotFound => "User not found".into(),
            Self::TaskNotFound => "Task not found".into(),
            Self::PreconditionFailed => {
                "The task has changed since the version named in If-Match; fetch it again.".into()
            }
            Self::IdempotencyKeyReused => {
                "This Idempotency-Key was used with another body; send a new key for a new task.".into()
            }
            Self::Unavailable(_) => "The service is temporarily unavailable; try again shortly.".into(),
            Self::Internal(_) => "Something went wrong on our side.".into(),
        }
    }
}
