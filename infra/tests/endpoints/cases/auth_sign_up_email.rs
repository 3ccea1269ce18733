use serde_json::json;

use crate::{
    case::{Case, Cookies, Given, on},
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
    let created = |case: Case| case.answers(200).has(ann.clone()).cookies(Cookies::HandedOver).where_(signs_in);
    let to_be_verified = |name, fields: serde_json::Value| {
        on("created")
            .named(name)
            .with_fields(fields)
            .configured(&[("REQUIRE_EMAIL_VERIFICATION", "true")])
            .answers(200)
            .has(json!({"token": null, "user": {"emailVerified": false}}))
    };
    let invalid = |case: Case| case.refused(400, "VALIDATION_ERROR");
    vec![
        created(on("created")).costs_as("auth-sign-up-email"),
        created(
            on("form")
                .named("no-browser")
                .with_header("content-type", "application/json")
                .with_body(json!({"name": "Ann", "email": "Ann@Example.com", "password": "correct horse"})),
        ),
        created(on("form")),
        created(on("created").given(Given::MeetsOthers)),
        created(on("created").named("not-remembered").with_fields(json!({"rememberMe": false})))
            .cookies(Cookies::HandedOverForNow),
        to_be_verified("to-be-verified", json!({"callbackURL": "/welcome"})),
        // Its owner gets a letter, and nobody else hears of it.
        to_be_verified("to-be-verified-taken", json!({"email": "demo@example.com"})),
        on("created")
            .named("email-taken")
            .with_fields(json!({"email": "demo@example.com"}))
            .refused(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")
            .says("User already exists. Use another email."),
        on("created")
            .named("password-too-short")
            .with_fields(json!({"password": "short"}))
            .refused(400, "PASSWORD_TOO_SHORT")
            .says("Password too short"),
        on("created")
            .named("password-too-long")
            .with_fields(json!({"password": "x".repeat(129)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("created")
            .named("password-too-common")
            .with_fields(json!({"password": "Password1"}))
            .refused(400, "PASSWORD_COMPROMISED")
            .says("The password is one that many people have; choose another"),
        invalid(
            on("created")
                .named("validation-failed")
                .with_fields(json!({"name": 1, "email": "x", "password": "", "image": null, "rememberMe": "yes"})),
        )
        .says(
            "[body.name] Invalid input: expected string, received number; [body.email] Invalid email address; \
             [body.password] Too small: expected string to have >=1 characters; \
             [body.image] Invalid input: expected string, received null; \
             [body.rememberMe] Invalid input: expected boolean, received string",
        ),
        invalid(on("created").named("name-with-control-character").with_fields(json!({"name": "a\u{0}b"})))
            .says("[body.name] Invalid string: must not include control characters"),
        on("created")
            .named("domain-of-another-script")
            .with_fields(json!({"email": "Ann@example.xn--p1ai", "name": "Ann\tB"}))
            .answers(200)
            .has(json!({"user": {"email": "ann@example.xn--p1ai", "name": "Ann\tB"}}))
            .cookies(Cookies::HandedOver),
        invalid(on("created").named("no-body").without_header("content-type").with_raw_body("")).says(
            "[body] Invalid input: expected object, received undefined; \
             [body] Invalid input: expected record, received undefined",
        ),
        on("created")
            .named("malformed-json")
            .with_raw_body("{")
            .refused(400, "BAD_REQUEST")
            .says("Invalid JSON in request body"),
        on("created")
            .named("body-too-large")
            .with_fields(json!({"padding": "x".repeat(65_536)}))
            .refused(413, "PAYLOAD_TOO_LARGE")
            .says("Request body is too large"),
        on("created")
            .named("wrong-media-type")
            .with_header("content-type", "text/plain")
            .refused(415, "UNSUPPORTED_MEDIA_TYPE")
            .says(
                "Content-Type \"text/plain\" is not allowed. \
             Allowed types: application/x-www-form-urlencoded, application/json",
            ),
        on("created")
            .named("no-media-type")
            .without_header("content-type")
            .refused(415, "UNSUPPORTED_MEDIA_TYPE")
            .says("Content-Type is required. Allowed types: application/x-www-form-urlencoded, application/json"),
        on("created")
            .named("untrusted-origin")
            .with_header("origin", "https://evil.example")
            .refused(403, "INVALID_ORIGIN")
            .says("Invalid origin"),
    ]
}

/// The token of the body is the one of cookie and header, and there is no place to go to next.
fn signs_in(answer: &Answer) {
    assert_eq!(answer.header("set-auth-token"), Some(answer.text_at("/token")));
    assert_eq!(answer.json.as_object().unwrap().len(), 2, "{}", answer.text);
    assert_eq!(answer.json["user"].as_object().unwrap().len(), 7, "{}", answer.text);
}
