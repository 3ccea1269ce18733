//! `POST /api/auth/update-user`: changes the user's name or picture.

use lambda_http::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    App, Error,
    accounts::{CurrentSession, with_session},
    error::BetterAuthRefusal,
    http::{
        self, Dialect, Request, Response,
        better_auth::{Payload, is_truthy},
    },
    limits::Limit,
};

use super::{IMAGE_BYTES, NAME_CHARS};
use crate::{
    Class, Endpoint,
    better_auth::status_json::StatusJson,
    openapi::{Fields, Operation, Typed, of},
};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "auth-update-user",
    method: "POST",
    path: "/api/auth/update-user",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    class: Class::Standard,
    limit: Some(Limit::signed_in("update-user")),
    handle: |app, request| Box::pin(handle(app, request)),
};

const EMAIL_CAN_NOT_BE_UPDATED: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::BAD_REQUEST,
    code: Some("EMAIL_CAN_NOT_BE_UPDATED"),
    message: "Email can not be updated",
};

const NO_FIELDS_TO_UPDATE: BetterAuthRefusal =
    BetterAuthRefusal { status: StatusCode::BAD_REQUEST, code: None, message: "No fields to update" };

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let input = parse(request)?;
    let session = CurrentSession::find(app, request).await?;
    if input.has_email {
        return Err(Error::from(&EMAIL_CAN_NOT_BE_UPDATED));
    }
    if input.name.is_none() && input.image.is_none() {
        return Err(Error::from(&NO_FIELDS_TO_UPDATE));
    }
    app.store.update_user(session.user().id, input.name, input.image, app.clock.now()).await?;
    let response = http::json(StatusCode::OK, &StatusJson::DONE)?;
    Ok(with_session(app, request, &session.user().email, session.session(), response))
}

struct Input<'a> {
    has_email: bool,
    name: Option<&'a str>,
    image: Option<Option<&'a str>>,
}

fn parse(request: &Request) -> Result<Input<'_>, Error> {
    let mut fields = Payload::record(request);
    let has_email = fields.any("email").is_some_and(is_truthy);
    let name = fields.optional_short_string("name", NAME_CHARS);
    let image = match fields.any("image") {
        Some(Value::Null) => Some(None),
        _ => fields.optional_url("image", IMAGE_BYTES).map(Some),
    };
    fields.finish(Some(Input { has_email, name, image }))
}

pub(crate) fn describe(operation: Operation) -> Operation {
    let fields = Fields::new("BetterAuthUpdateUser", json!({"name": "Ann"}))
        .unless_absent("name", Typed::readable(NAME_CHARS))
        .optional("image", Typed::url(IMAGE_BYTES))
        .at_least_one()
        // An address that is there is refused, whatever it is.
        .unless_absent("email", Typed::new(json!({"enum": [null, false, 0, ""]})));
    operation
        .about("Change the user's name or picture", "`null` takes the picture away.")
        .signed_in()
        .takes(fields)
        .answers(StatusCode::OK, "It is changed.", of::<StatusJson>(), &["set-auth-token", "set-cookie"])
        .refuses([Error::from(&EMAIL_CAN_NOT_BE_UPDATED), Error::from(&NO_FIELDS_TO_UPDATE)])
}
