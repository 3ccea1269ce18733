use serde_json::json;

use crate::{
    case::{Case, Cookies, Given, on},
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
                "token": "B9L8vgAAAAAAAEAAgAAAAAAAAAEAAAAAAABAAIAAAAAAAAACUqbn5NnAJOGgJp42PpXN4Sz0r_hAMw5Mn92trFJbEJI",
                "expiresAt": end,
                "createdAt": "2030-01-01T00:00:00.000Z",
                "updatedAt": "2030-01-01T00:00:00.000Z",
                "ipAddress": "",
                "userAgent": "the local stack",
            },
        })
    };
    let signed_in = |event| {
        let case = on(event).answers(200).with_header("pragma", "no-cache");
        case.with(until("2030-01-31T00:00:00.000Z")).where_(members)
    };
    let signed_out = |event| on(event).answers(200).with_header("pragma", "no-cache").where_(null);
    let ended = |event| signed_out(event).cookies(Cookies::Cleared);
    vec![
        signed_in("session").costs_as("auth-get-session"),
        signed_in("bearer"),
        signed_in("without-refresh"),
        // What is signed by somebody else is somebody else's business.
        signed_in("foreign-bearer"),
        signed_in("session-data").cookies(Cookies::CacheCleared),
        signed_in("session")
            .given(Given::ExtensionDue)
            .with(until("2030-01-08T00:00:00.000Z"))
            .cookies(Cookies::HandedOver)
            .where_(same_token)
            .costs_as("auth-get-session, extended"),
        signed_in("bearer")
            .given(Given::ExtensionDue)
            .with(until("2030-01-08T00:00:00.000Z"))
            .cookies(Cookies::HandedOver)
            .where_(same_token),
        signed_in("without-refresh").given(Given::ExtensionDue).with(until("2030-01-07T00:00:00.000Z")),
        signed_in("session").given(Given::ExtensionDueButNotRemembered).with(until("2030-01-07T00:00:00.000Z")),
        signed_in("bearer").given(Given::ExtensionDueButNotRemembered).with(until("2030-01-07T00:00:00.000Z")),
        signed_out("no-session").costs_as("auth-get-session, signed out"),
        signed_out("forged-cookie"),
        // Of two, the first that verifies counts.
        signed_in("two-cookies"),
        ended("ended-session"),
        // A bearer token that is none of ours counts as one that has ended, and more than the cookie.
        ended("unknown-bearer").afterwards("auth-me/user", 200),
        ended("session").given(Given::Revoked),
        ended("session").given(Given::Disabled),
        ended("session").given(Given::AccountGone),
        ended("session").given(Given::After("auth-sign-out/signed-out")),
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
