use serde_json::json;

use crate::case::{Case, Cookies, Given, on};

pub fn cases() -> Vec<Case> {
    let demo = json!({
        "redirect": false,
        "user": {
            "id": "00000000-0000-4000-8000-000000000001",
            "name": "Demo",
            "email": "demo@example.com",
            "emailVerified": false,
            "image": null,
            "createdAt": "2030-01-01T00:00:00.000Z",
            "updatedAt": "2030-01-01T00:00:00.000Z",
        },
    });
    let signed_in = |event| {
        on(event).answers(200).with(demo.clone()).cookies(Cookies::HandedOver).where_(|answer| {
            assert_eq!(answer.header("set-auth-token"), Some(answer.text_at("/token")));
            assert_eq!(answer.json.get("url"), None, "without one sent, the client would go to it");
        })
    };
    let wrong = |event| on(event).refused(401, "INVALID_EMAIL_OR_PASSWORD").says("Invalid email or password");
    vec![
        signed_in("signed-in").costs_as("auth-sign-in-email"),
        signed_in("signed-in").given(Given::OlderHash).costs_as("auth-sign-in-email, hash replaced"),
        signed_in("form"),
        signed_in("not-remembered").cookies(Cookies::HandedOverForNow),
        on("redirect")
            .answers(200)
            .with(json!({"redirect": true, "url": "/tasks"}))
            .with_header("location", "/tasks")
            .cookies(Cookies::HandedOver),
        on("empty-redirect").answers(200).with(json!({"redirect": false, "url": ""})).cookies(Cookies::HandedOver),
        wrong("wrong-password"),
        wrong("unknown-email"),
        wrong("empty-password"),
        on("account-disabled")
            .given(Given::DisabledAccount)
            .refused(403, "ACCOUNT_DISABLED")
            .says("Account is disabled"),
        // Without that account.
        wrong("account-disabled"),
        wrong("signed-in").given(Given::AccountGone),
        on("invalid-email").refused(400, "INVALID_EMAIL").says("Invalid email"),
        on("password-too-long").refused(400, "PASSWORD_TOO_LONG").says("Password too long"),
        on("validation-failed").refused(400, "VALIDATION_ERROR").says(
            "[body.email] Invalid input: expected string, received number; \
             [body.password] Invalid input: expected string, received undefined",
        ),
        // Forms have no booleans.
        on("form-with-boolean")
            .refused(400, "VALIDATION_ERROR")
            .says("[body.rememberMe] Invalid input: expected boolean, received string"),
        on("untrusted-redirect").refused(403, "INVALID_CALLBACK_URL").says("Invalid callbackURL"),
        on("redirect-not-text").answers(400).says("Invalid callbackURL: expected a string"),
        on("untrusted-origin").refused(403, "INVALID_ORIGIN").says("Invalid origin"),
        on("missing-origin-with-cookie").refused(403, "MISSING_OR_NULL_ORIGIN").says("Missing or null Origin"),
        on("cross-site-navigation")
            .refused(403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED")
            .says("Cross-site navigation login blocked. This request appears to be a CSRF attack."),
    ]
}
