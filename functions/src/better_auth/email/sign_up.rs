//! `POST /api/auth/sign-up/email`: makes an account and signs it in.

use lambda_http::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{Registration, SessionTerms, SignUpOutcome, sign_up, with_session},
    domain::{Email, NewPassword, Password},
    http::{
        self, Dialect, Request, Response,
        better_auth::{CROSS_SITE_NAVIGATION, Payload, REDIRECT_BYTES, UserJson, check_login_origin},
    },
    identity::session_token,
    limits::Limit,
};
use utoipa::ToSchema;

use crate::{
    Class, Endpoint,
    better_auth::account::{IMAGE_BYTES, NAME_CHARS},
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-sign-up-email",
    method: "POST",
    path: "/api/auth/sign-up/email",
    dialect: Dialect::BetterAuth { accepts_forms: true },
    class: Class::Hashing,
    limit: Some(Limit::SIGN_UP),
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let input = parse(request)?;
    check_login_origin(request, &app.config.trusted_origins)?;
    let registration = Registration {
        email: input.email,
        password: NewPassword::parse_better_auth(input.password)?,
        name: input.name.to_owned(),
        image: input.image.map(str::to_owned),
    };
    let terms = SessionTerms::of_browser(request, input.remember);
    match sign_up(app, registration, &terms, input.callback_url).await? {
        SignUpOutcome::SignedIn(signed_in) => {
            let (user, session) = *signed_in;
            let token = Some(session_token::issue(&app.keys, &session.principal()));
            let body = SignedUpJson { token, user: UserJson::from(&user) };
            Ok(with_session(app, request, &user.email, &session, http::json(StatusCode::OK, &body)?))
        }
        SignUpOutcome::ToBeVerified(user) => {
            http::json(StatusCode::OK, &SignedUpJson { token: None, user: UserJson::from(&*user) })
        }
    }
}

struct Input<'a> {
    name: &'a str,
    email: Email,
    password: &'a str,
    image: Option<&'a str>,
    callback_url: &'a str,
    remember: bool,
}

fn parse(request: &Request) -> Result<Input<'_>, Error> {
    let mut fields = Payload::object_and_record(request);
    let name = fields.short_string("name", NAME_CHARS);
    let email = fields.email("email");
    let password = fields.non_empty_string("password");
    let image = fields.optional_url("image", IMAGE_BYTES);
    let callback_url = fields.redirect("callbackURL").unwrap_or_default();
    let remember = fields.optional_boolean("rememberMe").unwrap_or(true);
    let input = name.zip(email).zip(password);
    fields.finish(input.map(|((name, email), password)| Input { name, email, password, image, callback_url, remember }))
}

/// A session's token, unless the address is to be verified first, and its user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthSignedUp)]
struct SignedUpJson<'a> {
    #[schema(required)]
    token: Option<String>,
    user: UserJson<'a>,
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new(
        "BetterAuthSignUp",
        json!({"name": "Ann", "email": "ann@example.com", "password": "a long enough password"}),
    )
    .required("name", Typed::readable(NAME_CHARS))
    .required("email", of::<Email>())
    .required("password", Typed::text(8, Password::MAX_CHARS))
    .unless_absent("image", Typed::url(IMAGE_BYTES))
    .unless_absent("callbackURL", Typed::url(REDIRECT_BYTES))
    .unless_absent("rememberMe", Typed::new(json!({"type": "boolean"})));
    operation
        .about("Make an account and sign it in", "")
        .takes(fields)
        .stored()
        .answers(
            StatusCode::OK,
            "The account is made and signed in.",
            of::<SignedUpJson<'_>>(),
            &["set-auth-token", "set-cookie"],
        )
        .refuses([
            Error::EmailTaken,
            Error::PasswordTooShort,
            Error::PasswordTooLong,
            Error::PasswordTooCommon,
            Error::from(&CROSS_SITE_NAVIGATION),
        ])
}
