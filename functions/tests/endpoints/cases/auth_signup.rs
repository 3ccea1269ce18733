use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("created")
            .answers(201)
            .with(json!({"token_type": "bearer", "user": {"email": "ann@example.com", "name": "Ann"}}))
            .where_(|answer| assert_eq!(answer.text_at("/access_token").split('.').count(), 3))
            .costs_as("auth-signup"),
        on("created-without-name").answers(201).with(json!({"user": {"email": "bob@example.com", "name": "bob"}})),
        on("base64").answers(201).with(json!({"user": {"email": "ann@example.com", "name": "ann"}})),
        on("email-taken").refused(400, "email_taken").with(json!({"detail": "Email already registered"})),
        on("created").given(Given::After("auth-signup/base64")).refused(400, "email_taken"),
        on("validation-failed").invalid(&["/email", "/password", "/name"]),
        on("not-an-object").invalid(&[""]),
        on("malformed-json").refused(400, "malformed_json"),
        on("body-too-large").refused(413, "body_too_large"),
        on("wrong-media-type").refused(415, "unsupported_media_type"),
        // It takes no cookie and sets none: nobody's cookie makes a page of another site matter.
        on("untrusted-origin").answers(201),
    ]
}
