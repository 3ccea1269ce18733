//! A distribution in front of the API: what it says of the person is believed beside its secret, and never without.

use serde_json::{Value, json};

use crate::{
    credentials::claims,
    event::{event, function_of, with_body, with_header},
    world::{World, answer},
};

const SECRET: &str = "what-only-the-distribution-and-we-know-0123";
const SITE: &str = "https://app.example.com";
const GATEWAY: &str = "https://abc123.execute-api.eu-central-1.amazonaws.com";

/// An event as CloudFront makes the gateway send it, from a page of the web application.
fn through(event: Value, secret: &str) -> Value {
    let headers = [
        ("x-origin-secret", secret),
        ("x-viewer-address", "2001:db8::7"),
        ("x-viewer-host", "app.example.com"),
        ("origin", SITE),
    ];
    headers.into_iter().fold(event, |event, (name, value)| with_header(event, name, value))
}

fn sign_in(callback_url: &str) -> Value {
    let body =
        json!({"email": "demo@example.com", "password": "correct horse battery staple", "callbackURL": callback_url});
    with_body(event("auth-sign-in-email/signed-in"), &body)
}

#[tokio::test(flavor = "multi_thread")]
async fn its_pages_are_trusted_and_tokens_and_sessions_are_theirs() {
    let world = World::new().await;
    let app = world.app_with(&[("ORIGIN_SECRET", SECRET)]).await;

    let signed_in = answer(&app, "auth-sign-in-email", through(sign_in(&format!("{SITE}/tasks")), SECRET)).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    let mut own_session = through(event("auth-get-session/session"), SECRET);
    own_session["cookies"] = json!([signed_in.cookies[0].split(';').next().unwrap()]);
    let session = answer(&app, "auth-get-session", own_session).await;
    assert_eq!(session.text_at("/session/ipAddress"), "2001:db8::7");

    let logged_in = answer(&app, "auth-login", through(event("auth-login/logged-in"), SECRET)).await;
    assert_eq!(claims(logged_in.text_at("/access_token"))["iss"], SITE);
    let signed_out = answer(&app, "auth-sign-out", through(event("auth-sign-out/signed-out"), SECRET)).await;
    assert_eq!(signed_out.status, 200, "a cookie, from its page: {}", signed_out.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_believed() {
    let world = World::new().await;
    let with_secret = world.app_with(&[("ORIGIN_SECRET", SECRET)]).await;
    for (app, secret) in [
        (&with_secret, "what-only-the-distribution-and-we-know-0124"),
        (&with_secret, ""),
        (&world.app, SECRET),
        (&world.app, ""),
    ] {
        let page = answer(app, "auth-sign-in-email", through(sign_in("/"), secret)).await;
        assert_eq!((page.status, page.code()), (403, "INVALID_ORIGIN"), "{secret:?}");

        let mut login = through(event("auth-login/logged-in"), secret);
        login["headers"].as_object_mut().unwrap().remove("origin");
        let logged_in = answer(app, "auth-login", login).await;
        assert_eq!(claims(logged_in.text_at("/access_token"))["iss"], GATEWAY, "{secret:?}");
        let rows = world.rows("Sessions").await;
        assert!(!rows.iter().any(|row| format!("{row:?}").contains("2001:db8::7")), "{secret:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configured_origin_stays_that_of_tokens_and_its_pages_are_trusted_too() {
    let world = World::new().await;
    let app = world.app_with(&[("ORIGIN_SECRET", SECRET), ("BASE_URL", "https://api.example.com")]).await;
    let page = answer(&app, "auth-sign-in-email", through(sign_in(&format!("{SITE}/tasks")), SECRET)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let logged_in = answer(&app, "auth-login", through(event("auth-login/logged-in"), SECRET)).await;
    assert_eq!(claims(logged_in.text_at("/access_token"))["iss"], "https://api.example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_api_answers_through_it_alone() {
    let world = World::new().await;
    let app = world.app_with(&[("ORIGIN_SECRET", SECRET), ("API_ADDRESS", "closed")]).await;
    for (name, code) in [
        ("auth-login/logged-in", "address_closed"),
        ("tasks-list/tasks", "address_closed"),
        ("fallback/route-not-found", "address_closed"),
        ("auth-get-session/session", "ADDRESS_CLOSED"),
        ("auth-jwks/keys", "ADDRESS_CLOSED"),
    ] {
        let function = function_of(name);
        for event in [event(name), through(event(name), "wrong")] {
            let refused = answer(&app, function, event).await;
            assert_eq!((refused.status, refused.code()), (403, code), "{name}");
        }
        assert_ne!(answer(&app, function, through(event(name), SECRET)).await.status, 403, "{name}");
    }
}
