//! `POST /api/auth/sign-in/email`: signs in with email and password.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{SessionTerms, sign_in, with_session},
    domain::{Email, Password},
    http::{
        self, Dialect, Request, Response,
        better_auth::{CROSS_SITE_NAVIGATION, INVALID_EMAIL, Payload, REDIRECT_BYTES, UserJson, check_login_origin},
    },
    identity::session_token,
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-sign-in-email",
    method: "POST",
    path: "/api/auth/sign-in/email",
    dialect: Dialect::BetterAuth { accepts_forms: true },
    class: Class::Login,
    limit: Some(Limit::SIGN_IN),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let input = parse(request)?;
    check_login_origin(request, &app.config.trusted_origins)?;
    let email = Email::parse(input.email).map_err(|_| Error::from(&INVALID_EMAIL))?;
    let password = Password::parse_short(input.password)?;
    let terms = SessionTerms::of_browser(request, input.remember);
    let callback_url = input.callback_url.unwrap_or_default();
    let (user, session) = sign_in(app, &email, &password, &terms, callback_url).await?;

    let token = session_token::issue(&app.keys, &session.principal());
    let redirect = input.callback_url.is_some_and(|url| !url.is_empty());
    let body = Output { redirect, token, user: UserJson::from(&user), url: input.callback_url };
    let mut response = http::json(StatusCode::OK, &body)?;
    if let Some(url) = input.callback_url.filter(|_| redirect) {
        response = response.with_location(url);
    }
    Ok(with_session(app, request, email.as_str(), &session, response))
}

/// A session's token, its user, and where to go next.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthSignedInTo)]
struct Output<'a> {
    redirect: bool,
    token: String,
    user: UserJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<&'a str>,
}

struct Input<'a> {
    email: &'a str,
    password: &'a str,
    callback_url: Option<&'a str>,
    remember: bool,
}

fn parse(request: &Request) -> Result<Input<'_>, Error> {
    let mut fields = Payload::object(request);
    let email = fields.string("email");
    let password = fields.string("password");
    let callback_url = fields.redirect("callbackURL");
    let remember = fields.optional_boolean("rememberMe").unwrap_or(true);
    fields.finish(email.zip(password).map(|(email, password)| Input { email, password, callback_url, remember }))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new(
        "BetterAuthSignIn",
        json!({"email": "demo@example.com", "password": "correct horse battery staple"}),
    )
    .required("email", of::<Email>())
    .required("password", Typed::text(0, Password::MAX_CHARS))
    .unless_absent("callbackURL", Typed::url(REDIRECT_BYTES))
    .unless_absent("rememberMe", Typed::new(json!({"type": "boolean"})));
    operation
        .about("Sign in with email and password", "With `callbackURL`, the answer has it as `url`, and `location`.")
        .takes(fields)
        .stored()
        .answers(StatusCode::OK, "Signed in.", of::<Output<'_>>(), &["location", "set-auth-token", "set-cookie"])
        .refuses([
            Error::from(&INVALID_EMAIL),
            Error::PasswordTooLong,
            Error::InvalidCredentials,
            Error::AccountDisabled,
            Error::EmailNotVerified,
        ])
        .refuses([Error::from(&CROSS_SITE_NAVIGATION)])
}
