use serde_json::json;

use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let user = json!({
        "id": "00000000-0000-4000-8000-000000000001",
        "name": "Demo",
        "email": "demo@example.com",
        "emailVerified": false,
        "image": null,
        "createdAt": "2030-01-01T00:00:00.000Z",
        "updatedAt": "2030-01-01T00:00:00.000Z",
    });
    let until = |end: &str| {
        json!({
            "user": user.clone(),
            "session": {
                "id": "00000000-0000-4000-8000-000000000002",
                "userId": "00000000-0000-4000-8000-000000000001",
                "token": tokens::demo(),
                "expiresAt": end,
                "createdAt": "2030-01-01T00:00:00.000Z",
                "updatedAt": "2030-01-01T00:00:00.000Z",
                "ipAddress": "",
                "userAgent": "the local stack",
            },
        })
    };
    let signed_in = |case: Case| {
        let case = case.answers(200).has_header("pragma", "no-cache");
        case.has(until("2030-01-31T00:00:00.000Z")).where_(members)
    };
    let signed_out = |case: Case| case.answers(200).has_header("pragma", "no-cache").where_(null);
    let ended = |case: Case| signed_out(case).cookies(Cookies::Cleared);
    vec![
        signed_in(on("session")).costs_as("auth-get-session"),
        signed_in(on("bearer")),
        signed_in(on("session").named("without-refresh").with_query("disableRefresh=true")),
        // What is signed by somebody else is somebody else's business.
        signed_in(on("session").named("foreign-bearer").with_bearer(tokens::FOREIGN_JWT)),
        signed_in(on("session").named("session-data").with_cookie("__Secure-better-auth.session_data=x"))
            .cookies(Cookies::CacheCleared),
        signed_in(on("session"))
            .given(Given::ExtensionDue)
            .has(until("2030-01-08T00:00:00.000Z"))
            .cookies(Cookies::HandedOver)
            .where_(same_token)
            .costs_as("auth-get-session, extended"),
        signed_in(on("bearer"))
            .given(Given::ExtensionDue)
            .has(until("2030-01-08T00:00:00.000Z"))
            .cookies(Cookies::HandedOver)
            .where_(same_token),
        signed_in(on("without-refresh")).given(Given::ExtensionDue).has(until("2030-01-07T00:00:00.000Z")),
        signed_in(on("session")).given(Given::ExtensionDueButNotRemembered).has(until("2030-01-07T00:00:00.000Z")),
        signed_in(on("bearer")).given(Given::ExtensionDueButNotRemembered).has(until("2030-01-07T00:00:00.000Z")),
        signed_out(on("session").named("no-session").without_cookies()).costs_as("auth-get-session, signed out"),
        signed_out(on("session").named("forged-cookie").with_session_cookie(tokens::forged())),
        // Of two, the first that verifies counts.
        signed_in(
            on("session")
                .named("two-cookies")
                .with_session_cookie("nonsense")
                .with_cookie(format!("__Secure-better-auth.session_token={}", tokens::demo())),
        ),
        ended(on("session").named("ended-session").with_session_cookie(tokens::other_session())),
        // A bearer token that is none of ours counts as one that has ended, and more than the cookie.
        ended(on("session").named("unknown-bearer").with_bearer("x".repeat(40))).afterwards("auth-me/user", 200),
        ended(on("session")).given(Given::Revoked),
        ended(on("session")).given(Given::Disabled),
        ended(on("session")).given(Given::AccountGone),
        ended(on("session")).given(Given::After("auth-sign-out/signed-out")),
    ]
}

fn members(answer: &Answer) {
    assert_eq!(answer.json.as_object().unwrap().len(), 2, "{}", answer.text);
    assert_eq!(answer.json["session"].as_object().unwrap().len(), 8, "{}", answer.text);
    assert_eq!(answer.json["user"].as_object().unwrap().len(), 7, "{}", answer.text);
}

fn same_token(answer: &Answer) {
    members(answer);
    assert_eq!(answer.header("set-auth-token"), Some(answer.text_at("/session/token")));
}

fn null(answer: &Answer) {
    assert_eq!(answer.text, "null");
    assert_eq!(answer.header("content-type"), Some("application/json"));
}
