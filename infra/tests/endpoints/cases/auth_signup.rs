use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let to_be_verified = |name, email: &str| {
        on("created")
            .named(name)
            .with_fields(json!({"email": email}))
            .configured(&[("REQUIRE_EMAIL_VERIFICATION", "true")])
            .answers(201)
            .has(json!({"access_token": null, "user": {"email": email}}))
    };
    vec![
        to_be_verified("to-be-verified", "ann@example.com"),
        // Its owner gets a letter, and nobody else hears of it.
        to_be_verified("to-be-verified-taken", "demo@example.com"),
        on("created")
            .answers(201)
            .has(json!({"token_type": "bearer", "user": {"email": "ann@example.com", "name": "Ann"}}))
            .where_(|answer| assert_eq!(answer.text_at("/access_token").split('.').count(), 3))
            .costs_as("auth-signup"),
        on("created")
            .named("created-without-name")
            .with_body(json!({"email": "bob@example.com", "password": "correct horse"}))
            .answers(201)
            .has(json!({"user": {"email": "bob@example.com", "name": "bob"}})),
        on("base64").answers(201).has(json!({"user": {"email": "ann@example.com", "name": "ann"}})),
        on("created")
            .named("email-taken")
            .with_body(json!({"email": "DEMO@example.com", "password": "correct horse"}))
            .refused(400, "email_taken")
            .has(json!({"detail": "Email already registered"})),
        on("created").given(Given::MeetsOthers).answers(201),
        on("created").given(Given::After("auth-signup/base64")).refused(400, "email_taken"),
        on("created")
            .named("validation-failed")
            .with_fields(json!({"email": "not an address", "password": "short", "name": "x".repeat(101)}))
            .invalid(&["/email", "/password", "/name"]),
        on("created").named("not-an-object").with_body(json!(["ann@example.com", "correct horse"])).invalid(&[""]),
        on("created")
            .named("malformed-json")
            .with_raw_body("{\"email\": \"ann@example.com\", \"password\": \"correct horse\"")
            .refused(400, "malformed_json"),
        on("created")
            .named("body-too-large")
            .with_body(json!({"email": "ann@example.com", "password": "correct horse", "padding": "x".repeat(65_536)}))
            .refused(413, "body_too_large"),
        on("created")
            .named("wrong-media-type")
            .with_header("content-type", "application/x-www-form-urlencoded")
            .with_raw_body("email=ann%40example.com&password=correct+horse")
            .refused(415, "unsupported_media_type"),
        // It takes no cookie and sets none: nobody's cookie makes a page of another site matter.
        on("created")
            .named("untrusted-origin")
            .with_header("origin", "https://evil.example")
            .with_cookie("theme=dark")
            .answers(201),
    ]
}
