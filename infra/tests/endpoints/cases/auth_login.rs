use serde_json::json;

use crate::case::{Case, Given, on};

pub fn cases() -> Vec<Case> {
    let demo = json!({
        "token_type": "bearer",
        "user": {"id": "00000000-0000-4000-8000-000000000001", "email": "demo@example.com", "name": "Demo"},
    });
    vec![
        on("logged-in").answers(200).with(demo.clone()).costs_as("auth-login"),
        on("logged-in").given(Given::OlderHash).answers(200).with(demo).costs_as("auth-login, hash replaced"),
        on("wrong-password").refused(401, "invalid_credentials").with(json!({"detail": "Invalid email or password"})),
        on("unknown-email").refused(401, "invalid_credentials").with(json!({"detail": "Invalid email or password"})),
        on("empty-password").refused(401, "invalid_credentials").with(json!({"detail": "Invalid email or password"})),
        on("too-long-password").refused(401, "invalid_credentials"),
        on("account-disabled")
            .given(Given::DisabledAccount)
            .refused(403, "account_disabled")
            .with(json!({"detail": "Account is disabled"})),
        // Without that account.
        on("account-disabled").refused(401, "invalid_credentials"),
        on("validation-failed").invalid(&["/email", "/password"]),
        on("malformed-json").refused(400, "malformed_json"),
        on("wrong-media-type").refused(415, "unsupported_media_type"),
    ]
}
