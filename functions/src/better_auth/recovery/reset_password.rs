//! `POST /api/auth/reset-password`: sets a new password for whoever has the token from a mail, or its code in the plain dialect.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{self, with_known_device},
    domain::{NewPassword, Password, SessionId, User},
    http::{
        self, Dialect, Request, Response,
        better_auth::{INVALID_TOKEN, Payload},
    },
    limits::Limit,
};

use crate::{
    Class, Endpoint,
    auth::reset_password::{Output, by_code},
    better_auth::status_json::StatusJson,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-reset-password",
    method: "POST",
    path: "/api/auth/reset-password",
    dialect: Dialect::Both,
    class: Class::Hashing,
    limit: Some(Limit::RESET_PASSWORD),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let device = SessionId(app.random.uuid()?);
    let (user, response) = match ENDPOINT.dialect.spoken_in(request) {
        Dialect::Plain => by_code(app, request).await?,
        _ => by_token(app, request).await?,
    };
    // Whoever had the mail can sign in here, whatever is being tried elsewhere.
    Ok(with_known_device(app, request, &user.email, device, response))
}

async fn by_token(app: &App, request: &Request) -> Result<(User, Response), Error> {
    let mut fields = Payload::object(request);
    let new_password = fields.string("newPassword");
    let token = fields.optional_string("token");
    let new_password = fields.finish(new_password)?;
    let query = request.query();
    let token = token.filter(|token| !token.is_empty()).or_else(|| query.get("token")).unwrap_or_default();
    if token.is_empty() {
        return Err(Error::from(&INVALID_TOKEN));
    }
    let new_password = NewPassword::parse_better_auth(new_password)?;
    match accounts::reset_password(app, request, token, &new_password).await? {
        Ok(user) => Ok((user, http::json(StatusCode::OK, &StatusJson::DONE)?)),
        Err(_) => Err(Error::from(&INVALID_TOKEN)),
    }
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("ResetPassword", json!({"code": "AQID…", "password": "a long enough password"}))
        .unless_absent("newPassword", Typed::text(8, Password::MAX_CHARS))
        .unless_absent("token", Typed::new(json!({"type": "string"})))
        .unless_absent("code", Typed::new(json!({"type": "string"})))
        .unless_absent("password", of::<NewPassword>());
    let done = of::<StatusJson>().or(of::<Output>());
    operation
        .about(
            "Set a new password with what came in a mail",
            "`newPassword` and `token` in the Better Auth dialect, `password` and `code` in the plain one. Every session ends.",
        )
        .takes(fields)
        .query("token", Typed::new(json!({"type": "string"})), "The token, unless the body has it.")
        .stored()
        .answers(StatusCode::OK, "It is set.", done, &["set-cookie"])
        .refuses([Error::PasswordTooShort, Error::PasswordTooLong, Error::PasswordTooCommon, Error::from(&INVALID_TOKEN)])
        .refuses_in_plain([Error::Validation(vec![]), Error::InvalidCode])
        .refuses_in_plain([Error::internal(""), Error::unavailable(""), Error::OutcomeUnknown("".into())])
        .refuses_in_plain([Error::RateLimited(7)])
}
