use serde_json::json;

use crate::{
    case::{Case, Cookies, on},
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let ann = json!({
        "user": {
            "name": "Ann",
            "email": "ann@example.com",
            "emailVerified": false,
            "image": null,
            "createdAt": "2030-01-01T00:00:00.000Z",
            "updatedAt": "2030-01-01T00:00:00.000Z",
        },
    });
    let created = |event| on(event).answers(200).with(ann.clone()).cookies(Cookies::HandedOver).where_(signs_in);
    let invalid = |event| on(event).refused(400, "VALIDATION_ERROR");
    vec![
        created("created").costs_as("auth-sign-up-email"),
        created("no-browser"),
        created("form"),
        created("not-remembered").cookies(Cookies::HandedOverForNow),
        on("email-taken")
            .refused(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")
            .says("User already exists. Use another email."),
        on("password-too-short").refused(400, "PASSWORD_TOO_SHORT").says("Password too short"),
        on("password-too-long").refused(400, "PASSWORD_TOO_LONG").says("Password too long"),
        invalid("validation-failed").says(
            "[body.name] Invalid input: expected string, received number; [body.email] Invalid email address; \
             [body.password] Too small: expected string to have >=1 characters; \
             [body.image] Invalid input: expected string, received null; \
             [body.rememberMe] Invalid input: expected boolean, received string",
        ),
        invalid("no-body").says(
            "[body] Invalid input: expected object, received undefined; \
             [body] Invalid input: expected record, received undefined",
        ),
        on("malformed-json").refused(400, "BAD_REQUEST").says("Invalid JSON in request body"),
        on("body-too-large").refused(413, "PAYLOAD_TOO_LARGE").says("Request body is too large"),
        on("wrong-media-type").refused(415, "UNSUPPORTED_MEDIA_TYPE").says(
            "Content-Type \"text/plain\" is not allowed. \
             Allowed types: application/x-www-form-urlencoded, application/json",
        ),
        on("no-media-type")
            .refused(415, "UNSUPPORTED_MEDIA_TYPE")
            .says("Content-Type is required. Allowed types: application/x-www-form-urlencoded, application/json"),
        on("untrusted-origin").refused(403, "INVALID_ORIGIN").says("Invalid origin"),
    ]
}

/// The token of the body is the one of cookie and header, and there is no place to go to next.
fn signs_in(answer: &Answer) {
    assert_eq!(answer.header("set-auth-token"), Some(answer.text_at("/token")));
    assert_eq!(answer.json.as_object().unwrap().len(), 2, "{}", answer.text);
    assert_eq!(answer.json["user"].as_object().unwrap().len(), 7, "{}", answer.text);
}
