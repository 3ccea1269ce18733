//! The table of refusals: for each the code, how the plain dialect says it, and how Better Auth does.

use std::borrow::Cow;

use lambda_http::http::StatusCode;

use super::{Error, Violation};

/// A row of the table: how one refusal reads in either dialect.
#[derive(Debug)]
pub struct Refusal<'a> {
    /// The stable machine-readable code of the plain dialect.
    pub code: &'static str,
    /// The status in the plain dialect.
    pub status: StatusCode,
    /// The plain dialect's one sentence for a person. Clients show it as it is.
    pub detail: Cow<'a, str>,
    /// The status in the Better Auth dialect.
    pub better_auth_status: StatusCode,
    /// The code in the Better Auth dialect. That server gives some refusals none.
    pub better_auth_code: Option<&'static str>,
    /// The message in the Better Auth dialect; nothing where that server answers without a body.
    pub better_auth_message: Option<Cow<'a, str>>,
}

/// A refusal that the Better Auth dialect alone knows: a constant beside the route that gives it, in that server's words.
#[derive(Debug, PartialEq, Eq)]
pub struct BetterAuthRefusal {
    /// The status.
    pub status: StatusCode,
    /// The code. That server gives some refusals none.
    pub code: Option<&'static str>,
    /// The message.
    pub message: &'static str,
}

impl Error {
    /// The row of this refusal.
    pub fn row(&self) -> Refusal<'_> {
        use StatusCode as S;
        // What no route of the Better Auth dialect has a reason to say.
        let elsewhere = (S::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Internal server error");
        let cookie_origin =
            (S::FORBIDDEN, "A request with a cookie must come from a trusted origin, named in its Origin header.");
        let look_first = "It is not known whether this was done; look before you repeat it.";
        match self {
            Self::Validation(violations) => row(
                "validation_failed",
                (S::UNPROCESSABLE_ENTITY, only_detail(violations)),
                (S::BAD_REQUEST, "VALIDATION_ERROR", issues(violations)),
            ),
            Self::MalformedJson(problem) => row(
                "malformed_json",
                (S::BAD_REQUEST, format!("The request body is not valid JSON: {problem}.")),
                (S::BAD_REQUEST, "BAD_REQUEST", "Invalid JSON in request body"),
            ),
            Self::BodyEmpty => row(
                "malformed_json",
                (S::BAD_REQUEST, "The request body is empty; send a JSON object."),
                (S::BAD_REQUEST, "BAD_REQUEST", "Invalid JSON in request body"),
            ),
            Self::NestedTooDeeply => row(
                "malformed_json",
                (S::BAD_REQUEST, "The request body must be nested at most 128 levels deep."),
                (S::BAD_REQUEST, "BAD_REQUEST", "Request body must be nested at most 128 levels deep"),
            ),
            Self::BodyTooLarge => row(
                "body_too_large",
                (S::PAYLOAD_TOO_LARGE, "The request body must be at most 64 KiB long."),
                (S::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "Request body is too large"),
            ),
            Self::UnsupportedMediaType { sent, allowed } => row(
                "unsupported_media_type",
                (S::UNSUPPORTED_MEDIA_TYPE, format!("The request body must be sent with Content-Type: {allowed}.")),
                (S::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", wrong_media_type(sent, allowed)),
            ),
            Self::ContentEncoded => row(
                "unsupported_media_type",
                (
                    S::UNSUPPORTED_MEDIA_TYPE,
                    "The request body must be sent as it is, without compression or another Content-Encoding.",
                ),
                (
                    S::UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    "Content-Encoding is not allowed: send the body as it is",
                ),
            ),
            Self::NotAuthenticated(_) | Self::SessionEnded(_) => row(
                "not_authenticated",
                (S::UNAUTHORIZED, "Could not validate credentials"),
                (S::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized"),
            ),
            Self::InvalidCredentials => row(
                "invalid_credentials",
                (S::UNAUTHORIZED, "Invalid email or password"),
                (S::UNAUTHORIZED, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"),
            ),
            Self::InvalidPassword => row(
                "invalid_credentials",
                (S::UNAUTHORIZED, "Invalid password"),
                (S::BAD_REQUEST, "INVALID_PASSWORD", "Invalid password"),
            ),
            Self::AccountDisabled => row(
                "account_disabled",
                (S::FORBIDDEN, "Account is disabled"),
                (S::FORBIDDEN, "ACCOUNT_DISABLED", "Account is disabled"),
            ),
            Self::EmailNotVerified => row(
                "email_not_verified",
                (S::FORBIDDEN, "Email not verified"),
                (S::FORBIDDEN, "EMAIL_NOT_VERIFIED", "Email not verified"),
            ),
            Self::InvalidCode => row(
                "invalid_code",
                (S::BAD_REQUEST, "The code is not valid any more; ask for a new one."),
                (S::BAD_REQUEST, "INVALID_TOKEN", "Invalid token"),
            ),
            Self::MailDisabled => row(
                "mail_disabled",
                (S::NOT_IMPLEMENTED, "This service sends no mails; ask whoever runs it for a new password."),
                elsewhere,
            ),
            Self::SessionNotFresh => row(
                "session_not_fresh",
                (S::FORBIDDEN, "The session is too old for this; sign in again."),
                (S::FORBIDDEN, "SESSION_NOT_FRESH", "Session is not fresh"),
            ),
            Self::AccessDenied => row("access_denied", (S::FORBIDDEN, "Access denied to this resource"), elsewhere),
            Self::OriginMissing => row(
                "untrusted_origin",
                cookie_origin,
                (S::FORBIDDEN, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin"),
            ),
            Self::OriginUntrusted => {
                row("untrusted_origin", cookie_origin, (S::FORBIDDEN, "INVALID_ORIGIN", "Invalid origin"))
            }
            Self::AddressClosed => row(
                "address_closed",
                (S::FORBIDDEN, "The API does not answer here; use the web application's address."),
                (S::FORBIDDEN, "ADDRESS_CLOSED", "The API does not answer here"),
            ),
            Self::PasswordTooShort => row(
                "validation_failed",
                (S::UNPROCESSABLE_ENTITY, "The password is too short."),
                (S::BAD_REQUEST, "PASSWORD_TOO_SHORT", "Password too short"),
            ),
            Self::PasswordTooLong => row(
                "validation_failed",
                (S::UNPROCESSABLE_ENTITY, "The password is too long."),
                (S::BAD_REQUEST, "PASSWORD_TOO_LONG", "Password too long"),
            ),
            Self::PasswordTooCommon => row(
                "validation_failed",
                (S::UNPROCESSABLE_ENTITY, "The password is one that many people have; choose another."),
                (S::BAD_REQUEST, "PASSWORD_COMPROMISED", "The password is one that many people have; choose another"),
            ),
            Self::EmailTaken => row(
                "email_taken",
                (S::BAD_REQUEST, "Email already registered"),
                (
                    S::UNPROCESSABLE_ENTITY,
                    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
                    "User already exists. Use another email.",
                ),
            ),
            Self::UserNotFound => row("user_not_found", (S::NOT_FOUND, "User not found"), elsewhere),
            Self::TaskNotFound => row("task_not_found", (S::NOT_FOUND, "Task not found"), elsewhere),
            Self::RouteNotFound => {
                without_body(row("route_not_found", (S::NOT_FOUND, "There is no route with this path."), elsewhere))
            }
            Self::MethodNotAllowed(allowed) => without_body(row(
                "method_not_allowed",
                (S::METHOD_NOT_ALLOWED, format!("This route takes only {allowed}.")),
                elsewhere,
            )),
            Self::PreconditionFailed => row(
                "precondition_failed",
                (
                    S::PRECONDITION_FAILED,
                    "The task is not in the state that the request's conditions name; fetch it again.",
                ),
                elsewhere,
            ),
            Self::IdempotencyKeyReused => row(
                "idempotency_key_reused",
                (
                    S::UNPROCESSABLE_ENTITY,
                    "This Idempotency-Key was used with another request; send a new key for a new one.",
                ),
                elsewhere,
            ),
            Self::TooManyTasks => row(
                "too_many_tasks",
                (S::FORBIDDEN, "You have as many tasks as one user may have; delete some, and try again in a minute."),
                elsewhere,
            ),
            Self::RateLimited(seconds) => {
                let (status, message) = (S::TOO_MANY_REQUESTS, "Too many requests. Please try again later.");
                let unit = if *seconds == 1 { "second" } else { "seconds" };
                let detail = format!("Too many requests; try again in {seconds} {unit}.");
                Refusal { better_auth_code: None, ..row("rate_limited", (status, detail), (status, "", message)) }
            }
            Self::BetterAuth(refusal) => Refusal {
                better_auth_code: refusal.code,
                ..row("refused", (refusal.status, refusal.message), (refusal.status, "", refusal.message))
            },
            Self::Unavailable(_) => row(
                "unavailable",
                (S::SERVICE_UNAVAILABLE, "The service is temporarily unavailable; try again shortly."),
                (S::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "Service is temporarily unavailable"),
            ),
            Self::OutcomeUnknown(_) => row(
                "outcome_unknown",
                (S::SERVICE_UNAVAILABLE, look_first),
                (S::SERVICE_UNAVAILABLE, "OUTCOME_UNKNOWN", look_first),
            ),
            Self::Internal(_) => {
                row("internal", (S::INTERNAL_SERVER_ERROR, "Something went wrong on our side."), elsewhere)
            }
        }
    }
}

fn row<'a>(
    code: &'static str,
    (status, detail): (StatusCode, impl Into<Cow<'a, str>>),
    (better_auth_status, better_auth_code, message): (StatusCode, &'static str, impl Into<Cow<'a, str>>),
) -> Refusal<'a> {
    Refusal {
        code,
        status,
        detail: detail.into(),
        better_auth_status,
        better_auth_code: Some(better_auth_code),
        better_auth_message: Some(message.into()),
    }
}

/// What the Better Auth dialect answers where it has no route: a 404 with nothing in it.
fn without_body(refusal: Refusal<'_>) -> Refusal<'_> {
    Refusal { better_auth_status: StatusCode::NOT_FOUND, better_auth_code: None, better_auth_message: None, ..refusal }
}

fn only_detail(violations: &[Violation]) -> &str {
    match violations {
        [only] => &only.detail,
        _ => "Several of the values sent are not valid; see errors.",
    }
}

fn issues(violations: &[Violation]) -> String {
    let issues: Vec<String> =
        violations.iter().map(|violation| format!("[{}] {}", place(&violation.pointer), violation.detail)).collect();
    issues.join("; ")
}

/// Where a violation is, as the Better Auth dialect writes it: `body.email`, or `query.token` for a pointer that begins with `?`.
fn place(pointer: &str) -> String {
    match pointer.strip_prefix('?') {
        Some(parameter) => format!("query.{parameter}"),
        None => format!("body{}", pointer.replace('/', ".")),
    }
}

fn wrong_media_type(sent: &str, allowed: &str) -> String {
    if sent.is_empty() {
        format!("Content-Type is required. Allowed types: {allowed}")
    } else {
        format!("Content-Type \"{sent}\" is not allowed. Allowed types: {allowed}")
    }
}
