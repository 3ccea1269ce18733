//! `POST /api/auth/sign-up/email`: makes an account and signs it in.

use lambda_http::http::StatusCode;
use serde_json::json;
use shared::{
    App, Error,
    accounts::{Registration, SessionTerms, SignedUp, sign_up, with_session},
    domain::{Email, NewPassword},
    http::{
        self, Dialect, Request, Response,
        better_auth::{Payload, UserJson, check_login_origin},
    },
    identity::session_token,
};

use crate::{
    Class, Endpoint,
    better_auth::account::{IMAGE_BYTES, NAME_CHARS},
};

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-sign-up-email",
    method: "POST",
    path: "/api/auth/sign-up/email",
    dialect: Dialect::BetterAuth { accepts_forms: true },
    class: Class::Hashing,
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
        SignedUp::SignedIn(signed_in) => {
            let (user, session) = *signed_in;
            let token = session_token::issue(&app.keys, &session.principal());
            let body = json!({"token": token, "user": UserJson::from(&user)});
            Ok(with_session(app, request, &session, http::json(StatusCode::OK, &body)?))
        }
        SignedUp::ToBeVerified(user) => {
            http::json(StatusCode::OK, &json!({"token": null, "user": UserJson::from(&*user)}))
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
    let callback_url = fields.optional_string("callbackURL").unwrap_or_default();
    let remember = fields.optional_boolean("rememberMe").unwrap_or(true);
    let input = name.zip(email).zip(password);
    fields.finish(input.map(|((name, email), password)| Input { name, email, password, image, callback_url, remember }))
}
