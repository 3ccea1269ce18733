//! The table of refusals: for each the code, how the plain dialect says it, and how Better Auth does.

use std::borrow::Cow;

use lambda_http::http::StatusCode;

use super::Error;

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
        let unauthorized = (S::UNAUTHORIZED, "UNAUTHORIZED", "Unauthorized");
        let forbidden = |code, message| (S::FORBIDDEN, code, message);
        let bad = |code, message| (S::BAD_REQUEST, code, message);
        // What no route of the Better Auth dialect has a reason to say.
        let elsewhere = (S::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", "Internal server error");
        let cookie_origin =
            (S::FORBIDDEN, "A request with a cookie must come from a trusted origin, named in its Origin header.");
        let ((code, (status, detail)), (better_auth_status, better_auth_code, message)) = match self {
            Self::Validation(_)
            | Self::MalformedJson(_)
            | Self::UnsupportedMediaType { .. }
            | Self::RouteNotFound
            | Self::MethodNotAllowed(_)
            | Self::BetterAuth(_) => return self.row_with_values(),
            Self::BodyTooLarge => (
                ("body_too_large", (S::PAYLOAD_TOO_LARGE, "The request body must be at most 64 KiB long.")),
                (S::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "Request body is too large"),
            ),
            Self::BodyEmpty => (
                ("malformed_json", (S::BAD_REQUEST, "The request body is empty; send a JSON object.")),
                bad("BAD_REQUEST", "Invalid JSON in request body"),
            ),
            Self::NestedTooDeeply => (
                ("malformed_json", (S::BAD_REQUEST, "The request body must be nested at most 128 levels deep.")),
                bad("BAD_REQUEST", "Request body must be nested at most 128 levels deep"),
            ),
            Self::ContentEncoded => (
                (
                    "unsupported_media_type",
                    (
                        S::UNSUPPORTED_MEDIA_TYPE,
                        "The request body must be sent as it is, without compression or another Content-Encoding.",
                    ),
                ),
                (
                    S::UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    "Content-Encoding is not allowed: send the body as it is",
                ),
            ),
            Self::NotAuthenticated(_) | Self::SessionEnded(_) => {
                (("not_authenticated", (S::UNAUTHORIZED, "Could not validate credentials")), unauthorized)
            }
            Self::InvalidCredentials => (
                ("invalid_credentials", (S::UNAUTHORIZED, "Invalid email or password")),
                (S::UNAUTHORIZED, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"),
            ),
            Self::InvalidPassword => (
                ("invalid_credentials", (S::UNAUTHORIZED, "Invalid password")),
                bad("INVALID_PASSWORD", "Invalid password"),
            ),
            Self::AccountDisabled => (
                ("account_disabled", (S::FORBIDDEN, "Account is disabled")),
                forbidden("ACCOUNT_DISABLED", "Account is disabled"),
            ),
            Self::EmailNotVerified => (
                ("email_not_verified", (S::FORBIDDEN, "Email not verified")),
                forbidden("EMAIL_NOT_VERIFIED", "Email not verified"),
            ),
            Self::InvalidCode => (
                ("invalid_code", (S::BAD_REQUEST, "The code is not valid any more; ask for a new one.")),
                bad("INVALID_TOKEN", "Invalid token"),
            ),
            Self::MailDisabled => (
                (
                    "mail_disabled",
                    (S::NOT_IMPLEMENTED, "This service sends no mails; ask whoever runs it for a new password."),
                ),
                elsewhere,
            ),
            Self::SessionNotFresh => (
                ("session_not_fresh", (S::FORBIDDEN, "The session is too old for this; sign in again.")),
                forbidden("SESSION_NOT_FRESH", "Session is not fresh"),
            ),
            Self::AccessDenied => (("access_denied", (S::FORBIDDEN, "Access denied to this resource")), elsewhere),
            Self::OriginMissing => {
                (("untrusted_origin", cookie_origin), forbidden("MISSING_OR_NULL_ORIGIN", "Missing or null Origin"))
            }
            Self::OriginUntrusted => {
                (("untrusted_origin", cookie_origin), forbidden("INVALID_ORIGIN", "Invalid origin"))
            }
            Self::AddressClosed => (
                ("address_closed", (S::FORBIDDEN, "The API does not answer here; use the web application's address.")),
                forbidden("ADDRESS_CLOSED", "The API does not answer here"),
            ),
            Self::PasswordTooShort => (
                ("validation_failed", (S::UNPROCESSABLE_ENTITY, "The password is too short.")),
                bad("PASSWORD_TOO_SHORT", "Password too short"),
            ),
            Self::PasswordTooLong => (
                ("validation_failed", (S::UNPROCESSABLE_ENTITY, "The password is too long.")),
                bad("PASSWORD_TOO_LONG", "Password too long"),
            ),
            Self::EmailTaken => (
                ("email_taken", (S::BAD_REQUEST, "Email already registered")),
                (
                    S::UNPROCESSABLE_ENTITY,
                    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
                    "User already exists. Use another email.",
                ),
            ),
            Self::UserNotFound => (("user_not_found", (S::NOT_FOUND, "User not found")), elsewhere),
            Self::TaskNotFound => (("task_not_found", (S::NOT_FOUND, "Task not found")), elsewhere),
            Self::PreconditionFailed => (
                (
                    "precondition_failed",
                    (
                        S::PRECONDITION_FAILED,
                        "The task is not in the state that the request's conditions name; fetch it again.",
                    ),
                ),
                elsewhere,
            ),
            Self::IdempotencyKeyReused => (
                (
                    "idempotency_key_reused",
                    (
                        S::UNPROCESSABLE_ENTITY,
                        "This Idempotency-Key was used with another request; send a new key for a new one.",
                    ),
                ),
                elsewhere,
            ),
            Self::Unavailable(_) => (
                ("unavailable", (S::SERVICE_UNAVAILABLE, "The service is temporarily unavailable; try again shortly.")),
                (S::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "Service is temporarily unavailable"),
            ),
            Self::OutcomeUnknown(_) => (
                (
                    "outcome_unknown",
                    (S::SERVICE_UNAVAILABLE, "It is not known whether this was done; look before you repeat it."),
                ),
                (
                    S::SERVICE_UNAVAILABLE,
                    "OUTCOME_UNKNOWN",
                    "It is not known whether this was done; look before you repeat it.",
                ),
            ),
            Self::Internal(_) => {
                (("internal", (S::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")), elsewhere)
            }
        };
        Refusal {
            code,
            status,
            detail: detail.into(),
            better_auth_status,
            better_auth_code: Some(better_auth_code),
            better_auth_message: Some(message.into()),
        }
    }

    /// Rows whose sentences hold what was sent, or which lack a column.
    fn row_with_values(&self) -> Refusal<'_> {
        use StatusCode as S;
        match self {
            Self::Validation(violations) => Refusal {
                code: "validation_failed",
                status: S::UNPROCESSABLE_ENTITY,
                detail: match violations.as_slice() {
                    [only] => only.detail.as_str().into(),
                    _ => "Several of the values sent are not valid; see errors.".into(),
                },
                better_auth_status: S::BAD_REQUEST,
                better_auth_code: Some("VALIDATION_ERROR"),
                better_auth_message: Some({
                    let issues: Vec<String> = violations
                        .iter()
                        .map(|violation| format!("[{}] {}", place(&violation.pointer), violation.detail))
                        .collect();
                    issues.join("; ").into()
                }),
            },
            Self::MalformedJson(problem) => Refusal {
                code: "malformed_json",
                status: S::BAD_REQUEST,
                detail: format!("The request body is not valid JSON: {problem}.").into(),
                better_auth_status: S::BAD_REQUEST,
                better_auth_code: Some("BAD_REQUEST"),
                better_auth_message: Some("Invalid JSON in request body".into()),
            },
            Self::UnsupportedMediaType { sent, allowed } => Refusal {
                code: "unsupported_media_type",
                status: S::UNSUPPORTED_MEDIA_TYPE,
                detail: format!("The request body must be sent with Content-Type: {allowed}.").into(),
                better_auth_status: S::UNSUPPORTED_MEDIA_TYPE,
                better_auth_code: Some("UNSUPPORTED_MEDIA_TYPE"),
                better_auth_message: Some(if sent.is_empty() {
                    format!("Content-Type is required. Allowed types: {allowed}").into()
                } else {
                    format!("Content-Type \"{sent}\" is not allowed. Allowed types: {allowed}").into()
                }),
            },
            Self::MethodNotAllowed(allowed) => Refusal {
                code: "method_not_allowed",
                status: S::METHOD_NOT_ALLOWED,
                detail: format!("This route takes only {allowed}.").into(),
                better_auth_status: S::NOT_FOUND,
                better_auth_code: None,
                better_auth_message: None,
            },
            Self::BetterAuth(refusal) => Refusal {
                code: "refused",
                status: refusal.status,
                detail: refusal.message.into(),
                better_auth_status: refusal.status,
                better_auth_code: refusal.code,
                better_auth_message: Some(refusal.message.into()),
            },
            _ => Refusal {
                code: "route_not_found",
                status: S::NOT_FOUND,
                detail: "There is no route with this path.".into(),
                better_auth_status: S::NOT_FOUND,
                better_auth_code: None,
                better_auth_message: None,
            },
        }
    }
}

/// Where a violation is, as the Better Auth dialect writes it: `body.email`, or `query.token` for a pointer that begins with `?`.
fn place(pointer: &str) -> String {
    match pointer.strip_prefix('?') {
        Some(parameter) => format!("query.{parameter}"),
        None => format!("body{}", pointer.replace('/', ".")),
    }
}
