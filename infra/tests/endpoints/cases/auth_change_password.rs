use serde_json::json;

use super::{signed_in_only, untrusted_origin};
use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let demo = json!({
        "user": {
            "id": "00000000-0000-4000-8000-000000000001",
            "name": "Demo",
            "email": "demo@example.com",
            "emailVerified": false,
            "image": null,
            "createdAt": "2030-01-01T00:00:00.000Z",
        },
    });
    let changed = |case: Case| case.answers(200).has(demo.clone());
    let revoked = |given| {
        changed(on("changed-and-revoked"))
            .given(given)
            .cookies(Cookies::HandedOver)
            .where_(|answer| {
                let token = answer.text_at("/token");
                assert_eq!(answer.header("set-auth-token"), Some(token));
                assert_ne!(token, tokens::demo(), "it is the old one");
            })
            .afterwards("auth-me/user", 401)
            .afterwards("auth-me/ended-session", 401)
    };
    let mut cases = vec![
        changed(on("changed"))
            .given(Given::OtherSession)
            .where_(|answer| assert_eq!(answer.json["token"], json!(null), "{}", answer.text))
            .afterwards("auth-me/user", 200)
            .afterwards("auth-me/ended-session", 200)
            .afterwards("auth-login/logged-in", 401)
            .costs_as("auth-change-password"),
        revoked(Given::OtherSession).costs_as("auth-change-password, others revoked"),
        revoked(Given::NotRemembered).cookies(Cookies::HandedOverForNow),
        changed(on("changed").named("told").with_fields(json!({"revokeOtherSessions": false})))
            .configured(&[("SECURITY_NOTICES", "true")]),
        on("changed")
            .named("wrong-password")
            .with_fields(json!({"currentPassword": "wrong"}))
            .refused(400, "INVALID_PASSWORD")
            .says("Invalid password")
            .afterwards("auth-login/logged-in", 200),
        on("changed")
            .named("password-too-short")
            .with_fields(json!({"newPassword": "short"}))
            .refused(400, "PASSWORD_TOO_SHORT")
            .says("Password too short"),
        on("changed")
            .named("password-too-long")
            .with_fields(json!({"newPassword": "x".repeat(129)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("changed")
            .named("current-password-too-long")
            .with_fields(json!({"currentPassword": "x".repeat(140)}))
            .refused(400, "PASSWORD_TOO_LONG")
            .says("Password too long"),
        on("changed").named("validation-failed").with_body(json!({})).refused(400, "VALIDATION_ERROR").says(
            "[body.newPassword] Invalid input: expected string, received undefined; \
             [body.currentPassword] Invalid input: expected string, received undefined",
        ),
        on("changed")
            .named("null-origin")
            .with_header("origin", "null")
            .refused(403, "MISSING_OR_NULL_ORIGIN")
            .says("Missing or null Origin"),
        untrusted_origin("changed"),
    ];
    cases.extend(signed_in_only("changed"));
    cases
}
