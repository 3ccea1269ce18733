use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let demo = json!({
        "token_type": "bearer",
        "user": {"id": "00000000-0000-4000-8000-000000000001", "email": "demo@example.com", "name": "Demo"},
    });
    vec![
        on("logged-in").answers(200).has(demo.clone()).costs_as("auth-login"),
        on("logged-in").given(Given::OlderHash).answers(200).has(demo).costs_as("auth-login, hash replaced"),
        on("logged-in").given(Given::FullOfSessions).answers(200),
        on("logged-in")
            .named("new-device")
            .with_header("user-agent", "another")
            .configured(&[("SECURITY_NOTICES", "true")])
            .answers(200),
        on("logged-in")
            .named("not-verified")
            .with_fields(json!({"email": "demo@example.com"}))
            .configured(&[("REQUIRE_EMAIL_VERIFICATION", "true"), ("VERIFY_EMAIL_ON_SIGN_IN", "true")])
            .refused(403, "email_not_verified"),
        on("logged-in")
            .named("wrong-password")
            .with_fields(json!({"email": "demo@example.com", "password": "incorrect horse"}))
            .refused(401, "invalid_credentials")
            .has(json!({"detail": "Invalid email or password"})),
        on("logged-in")
            .named("unknown-email")
            .with_fields(json!({"email": "nobody@example.com"}))
            .refused(401, "invalid_credentials")
            .has(json!({"detail": "Invalid email or password"})),
        on("logged-in")
            .named("empty-password")
            .with_fields(json!({"email": "demo@example.com", "password": ""}))
            .refused(401, "invalid_credentials")
            .has(json!({"detail": "Invalid email or password"})),
        on("logged-in")
            .named("too-long-password")
            .with_fields(json!({"email": "demo@example.com", "password": "x".repeat(129)}))
            .refused(401, "invalid_credentials"),
        on("logged-in")
            .named("account-disabled")
            .with_fields(json!({"email": "disabled@example.com"}))
            .given(Given::DisabledAccount)
            .refused(403, "account_disabled")
            .has(json!({"detail": "Account is disabled"})),
        // Without that account.
        on("account-disabled").refused(401, "invalid_credentials"),
        on("logged-in")
            .named("validation-failed")
            .with_fields(json!({"email": "demo", "password": null}))
            .invalid(&["/email", "/password"]),
        on("logged-in").named("malformed-json").with_raw_body("demo@example.com").refused(400, "malformed_json"),
        on("logged-in")
            .named("wrong-media-type")
            .with_header("content-type", "text/plain")
            .refused(415, "unsupported_media_type"),
    ]
}
