//! `POST /api/auth/update-user`: changes the user's name or picture.

use lambda_http::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    App, Error,
    http::{self, Dialect, Request, Response, Schema, is_truthy},
    identity::{BrowserSession, hand_over},
};

use super::json::{IMAGE_BYTES, NAME_CHARS};
use crate::Endpoint;

/// The endpoint.
pub const ENDPOINT: Endpoint = Endpoint {
    name: "auth-update-user",
    method: "POST",
    path: "/api/auth/update-user",
    dialect: Dialect::BetterAuth { accepts_forms: false },
    handle: |app, request| Box::pin(handle(app, request)),
};

async fn handle(app: &App, request: &Request) -> Result<Response, Error> {
    let input = parse(request)?;
    let session = BrowserSession::find(app, request, false).await?;
    if input.has_email {
        return Err(Error::EmailCannotBeUpdated);
    }
    if input.name.is_none() && input.image.is_none() {
        return Err(Error::NothingToUpdate);
    }
    app.store.update_user(session.user().id, input.name, input.image, app.clock.now()).await?;
    let response = http::json(StatusCode::OK, &json!({"status": true}))?;
    Ok(hand_over(app, request, session.session(), response))
}

struct Input<'a> {
    has_email: bool,
    name: Option<&'a str>,
    image: Option<Option<&'a str>>,
}

fn parse(request: &Request) -> Result<Input<'_>, Error> {
    let mut fields = Schema::record(request);
    let has_email = fields.any("email").is_some_and(is_truthy);
    let name = fields.optional_short_string("name", NAME_CHARS);
    let image = match fields.any("image") {
        Some(Value::Null) => Some(None),
        _ => fields.optional_url("image", IMAGE_BYTES).map(Some),
    };
    fields.finish(Some(Input { has_email, name, image }))
}
