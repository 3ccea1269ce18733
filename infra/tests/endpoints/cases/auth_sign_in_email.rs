use std::sync::LazyLock;

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
    let signed_in = |case: Case| {
        case.answers(200).has(demo.clone()).cookies(Cookies::HandedOver).where_(|answer| {
            assert_eq!(answer.header("set-auth-token"), Some(answer.text_at("/token")));
            assert_eq!(answer.json.get("url"), None, "without one sent, the client would go to it");
        })
    };
    let wrong = |case: Case| case.refused(401, "INVALID_EMAIL_OR_PASSWORD").says("Invalid email or password");
    vec![
        signed_in(on("signed-in")).costs_as("auth-sign-in-email"),
        signed_in(on("signed-in")).given(Given::FullOfSessions),
        signed_in(on("signed-in")).given(Given::OlderHash).costs_as("auth-sign-in-email, hash replaced"),
        signed_in(on("form")),
        signed_in(on("signed-in").named("new-device").with_header("user-agent", "another"))
            .configured(&[("SECURITY_NOTICES", "true")]),
        on("signed-in")
            .named("not-verified")
            .with_fields(json!({"rememberMe": true}))
            .configured(&[("REQUIRE_EMAIL_VERIFICATION", "true"), ("VERIFY_EMAIL_ON_SIGN_IN", "true")])
            .refused(403, "EMAIL_NOT_VERIFIED")
            .says("Email not verified"),
        signed_in(on("signed-in").named("not-remembered").with_fields(json!({"rememberMe": false})))
            .cookies(Cookies::HandedOverForNow),
        on("signed-in")
            .named("redirect")
            .with_fields(json!({"callbackURL": "/tasks"}))
            .answers(200)
            .has(json!({"redirect": true, "url": "/tasks"}))
            .has_header("location", "/tasks")
            .cookies(Cookies::HandedOver),
        on("signed-in")
            .named("redirect-in-another-script")
            .with_fields(json!({"callbackURL": "/\u{e4} b?c=%20"}))
            .answers(200)
            .has(json!({"redirect": true, "url": "/\u{e4} b?c=%20"}))
            .has_header("location", "/%C3%A4%20b?c=%20")
            .cookies(Cookies::HandedOver),
        on("signed-in")
            .named("redirect-too-long")
            .with_fields(json!({"callbackURL": format!("/{}", "x".repeat(2000))}))
            .refused(400, "VALIDATION_ERROR")
            .says("[body.callbackURL] Too big: expected string to have <=2000 characters"),
        on("signed-in")
            .named("two-redirects")
            .with_query("callbackURL=/a&callbackURL=/b")
            .answers(400)
            .says("Invalid callbackURL: expected a string"),
        on("signed-in")
            .named("two-empty-redirects")
            .with_query("callbackURL=&callbackURL=")
            .answers(400)
            .says("Invalid callbackURL: expected a string"),
        signed_in(
            on("signed-in")
                .named("javascript-json")
                .with_raw_body("\u{feff}{\"email\":\"demo@example.com\",\"password\":\"correct horse battery staple\",\"z\":[1e400,\"\\ud83d\"]}"),
        ),
        on("signed-in")
            .named("malformed-json")
            .with_raw_body("{\"password\": hunter22}")
            .refused(400, "BAD_REQUEST")
            .says("Invalid JSON in request body"),
        on("signed-in").named("blank-body").with_raw_body(" ").refused(400, "BAD_REQUEST").says("Invalid JSON in request body"),
        on("signed-in")
            .named("nested-too-deeply")
            .with_raw_body(deep())
            .refused(400, "BAD_REQUEST")
            .says("Request body must be nested at most 128 levels deep"),
        on("signed-in")
            .named("coded-body")
            .with_header("content-encoding", "gzip")
            .refused(415, "UNSUPPORTED_MEDIA_TYPE")
            .says("Content-Encoding is not allowed: send the body as it is")
            .has_header("accept-encoding", "identity"),
        signed_in(on("signed-in").named("uncoded-body").with_header("content-encoding", "identity")),
        on("signed-in")
            .named("empty-redirect")
            .with_fields(json!({"callbackURL": ""}))
            .answers(200)
            .has(json!({"redirect": false, "url": ""}))
            .cookies(Cookies::HandedOver),
        wrong(on("signed-in").named("wrong-password").with_fields(json!({"password": "wrong"}))),
        wrong(on("signed-in").named("unknown-email").with_fields(json!({"email": "nobody@example.com"}))),
        wrong(on("signed-in").named("empty-password").with_fields(json!({"password": ""}))),
        on("signed-in")
            .named("account-disabled")
            .with_fields(json!({"email": "disabled@example.com"}))
            .given(Given::DisabledAccount)
            .refused(403, "ACCOUNT_DISABLED")
            .says("Account is disabled"),
        // Without that account.
        wrong(on("account-disabled")),
        wrong(on("signed-in")).given(Given::AccountGone),
        on("signed-in")
            .named("invalid-email")
            .with_fields(json!({"email": "demo"}))
            .refused(400, "INVALID_EMAIL")
            .says("Invalid email"),
        on("signed-in")
            .named("password-too-long")
            .with_fields(json!({"password": "x".repeat(129)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("signed-in")
            .named("validation-failed")
            .with_body(json!({"email": 5}))
            .refused(400, "VALIDATION_ERROR")
            .says(
                "[body.email] Invalid input: expected string, received number; \
             [body.password] Invalid input: expected string, received undefined",
            ),
        // Forms have no booleans.
        on("form")
            .named("form-with-boolean")
            .with_raw_body("email=demo%40example.com&password=x&rememberMe=true")
            .refused(400, "VALIDATION_ERROR")
            .says("[body.rememberMe] Invalid input: expected boolean, received string"),
        on("signed-in")
            .named("untrusted-redirect")
            .with_fields(json!({"callbackURL": "https://evil.example"}))
            .refused(403, "INVALID_CALLBACK_URL")
            .says("Invalid callbackURL"),
        on("signed-in")
            .named("redirect-not-text")
            .with_fields(json!({"callbackURL": 5}))
            .answers(400)
            .says("Invalid callbackURL: expected a string"),
        on("signed-in")
            .named("untrusted-origin")
            .with_header("origin", "https://evil.example")
            .refused(403, "INVALID_ORIGIN")
            .says("Invalid origin"),
        on("signed-in")
            .named("missing-origin-with-cookie")
            .without_header("origin")
            .without_header("sec-fetch-mode")
            .without_header("sec-fetch-site")
            .with_cookie("theme=dark")
            .refused(403, "MISSING_OR_NULL_ORIGIN")
            .says("Missing or null Origin"),
        on("signed-in")
            .named("cross-site-navigation")
            .with_header("sec-fetch-mode", "navigate")
            .with_header("sec-fetch-site", "cross-site")
            .refused(403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED")
            .says("Cross-site navigation login blocked. This request appears to be a CSRF attack."),
    ]
}

/// Arrays in arrays, one level deeper than is taken.
fn deep() -> &'static str {
    static DEEP: LazyLock<String> = LazyLock::new(|| format!("{}{}", "[".repeat(129), "]".repeat(129)));
    &DEEP
}
