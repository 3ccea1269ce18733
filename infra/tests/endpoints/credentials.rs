//! Which credentials are accepted, and until when.

use infra::demo;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use shared::{App, domain::SessionId, identity::Principal, identity::session_token};

use crate::{
    case::{demo_session, demo_user},
    event::{event, with_bearer, with_cookie, with_cookies_as_header, with_query},
    world::{Answer, LOCAL, World, answer, number, text},
};

const NEW_SECRET: &str = "the-secret-after-the-rotation-0123456789";

/// Signs the demo account in and gives its access token.
async fn log_in(app: &App) -> String {
    let answer = answer(app, "auth-login", event("auth-login/logged-in")).await;
    answer.text_at("/access_token").to_owned()
}

/// The answer to `GET /api/auth/me` with a bearer token.
async fn me(app: &App, token: &str) -> Answer {
    answer(app, "auth-me", with_bearer(event("auth-me/user"), token)).await
}

/// The answer to `GET /api/auth/me` with a session cookie.
async fn me_by_cookie(app: &App, token: &str) -> Answer {
    let mut event = event("auth-me/cookie");
    event["cookies"] = json!([format!("__Secure-better-auth.session_token={token}")]);
    answer(app, "auth-me", event).await
}

/// The session that an access token belongs to.
fn principal_of(access_token: &str) -> Principal {
    let claims = claims(access_token);
    Principal {
        user_id: demo::PRINCIPAL.user_id,
        session_id: SessionId(claims["sid"].as_str().unwrap().parse().unwrap()),
    }
}

pub fn claims(access_token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode::<Value>(access_token).unwrap().claims
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_count_in_the_header_where_the_list_of_them_is_empty() {
    let world = World::new().await;
    let others = with_cookie(event("auth-me/cookie"), "name=J\u{fc}rgen");
    for event in [event("auth-me/cookie"), others.clone(), with_cookies_as_header(others)] {
        assert_eq!(answer(&world.app, "auth-me", event).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_signs_nobody_out_and_breaks_no_list() {
    let world = World::new().await;
    let old = &world.app;
    assert_eq!(world.send("tasks-create/created-with-title-alone").await.status, 201);
    let access_token = log_in(old).await;
    let session_token = demo::session_token(old);
    let page = answer(old, "tasks-list", with_query(event("tasks-list/tasks"), "limit=1")).await;
    let link = page.header("link").unwrap();
    let query = link.split_once('?').unwrap().1.split_once('>').unwrap().0.to_owned();
    let next_page = |token: &str| with_bearer(with_query(event("tasks-list/tasks"), &query), token);

    let rotated =
        world.app_with(&[("JWT_SECRET_KEY", NEW_SECRET), ("JWT_SECRET_KEY_PREVIOUS", LOCAL["JWT_SECRET_KEY"])]).await;
    assert_eq!(me(&rotated, &access_token).await.status, 200);
    assert_eq!(me(&rotated, &session_token).await.status, 200);
    assert_eq!(me_by_cookie(&rotated, &session_token).await.status, 200);
    let continued = answer(&rotated, "tasks-list", next_page(&session_token)).await;
    assert_eq!((continued.status, continued.json.as_array().unwrap().len()), (200, 1), "{}", continued.text);
    let new_token = log_in(&rotated).await;
    assert_eq!(me(old, &new_token).await.status, 401, "what is signed now is signed by the new secret");

    let rotated_twice = world.app_with(&[("JWT_SECRET_KEY", NEW_SECRET)]).await;
    assert_eq!(me(&rotated_twice, &access_token).await.status, 401);
    assert_eq!(me(&rotated_twice, &session_token).await.status, 401);
    assert_eq!(me_by_cookie(&rotated_twice, &session_token).await.status, 401);
    assert_eq!(me(&rotated_twice, &new_token).await.status, 200);
    let refused = answer(&rotated_twice, "tasks-list", next_page(&new_token)).await;
    assert_eq!((refused.status, refused.code()), (422, "validation_failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_hs256_a_sibling_that_knows_the_secret_can_verify() {
    let world = World::new().await;
    let app = world.app_with(&[("JWT_ALGORITHM", "HS256")]).await;
    let token = log_in(&app).await;
    assert_eq!(decode_header(&token).unwrap().alg, Algorithm::HS256);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["https://abc123.execute-api.eu-central-1.amazonaws.com"]);
    validation.set_issuer(&["https://abc123.execute-api.eu-central-1.amazonaws.com"]);
    // The tests' clock is ahead of the machine's, so the token lives.
    let key = DecodingKey::from_secret(LOCAL["JWT_SECRET_KEY"].as_bytes());
    let claims = decode::<Value>(&token, &key, &validation).unwrap().claims;
    assert_eq!(claims["sub"], json!(demo::PRINCIPAL.user_id.to_string()));
    assert_eq!(claims["email"], json!(demo::EMAIL));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 7 * 24 * 60 * 60);
    assert_eq!(me(&app, &token).await.status, 200);
    assert_eq!(me(&world.app, &token).await.status, 401, "where HS256 is not configured it is not accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_refused_with_every_credential() {
    let world = World::new().await;
    let access_token = log_in(&world.app).await;
    let session_token = demo::session_token(&world.app);
    world.change("Users", &demo_user(), "is_active", aws_sdk_dynamodb::types::AttributeValue::Bool(false)).await;
    for answer in [
        me(&world.app, &access_token).await,
        me(&world.app, &session_token).await,
        me_by_cookie(&world.app, &session_token).await,
        world.send("tasks-list/tasks").await,
        world.send("tasks-create/created").await,
        world.send("auth-logout/logged-out").await,
    ] {
        assert_eq!((answer.status, answer.code()), (401, "not_authenticated"), "{}", answer.text);
    }
    let login = world.send("auth-login/logged-in").await;
    assert_eq!((login.status, login.code()), (403, "account_disabled"));
    let wrong = world.send("auth-login/wrong-password").await;
    assert_eq!(
        (wrong.status, wrong.code()),
        (401, "invalid_credentials"),
        "who does not know the password learns nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_lives_as_long_as_configured() {
    let world = World::new().await;
    let app = world.app_with(&[("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "10")]).await;
    let token = log_in(&app).await;
    assert_eq!(claims(&token)["exp"].as_i64().unwrap() - claims(&token)["iat"].as_i64().unwrap(), 600);
    world.pass(599);
    assert_eq!(me(&app, &token).await.status, 200);
    world.pass(1);
    assert_eq!(me(&app, &token).await.status, 401);
    // The session it named is as dead, whatever token names it.
    let session_token = session_token::issue(&app.keys, &principal_of(&token));
    assert_eq!(me(&app, &session_token).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_counts_for_nothing_though_its_row_is_still_there() {
    let world = World::new().await;
    world.pass(30 * 24 * 60 * 60 - 1);
    assert_eq!(world.send("auth-me/user").await.status, 200);
    world.pass(1);
    assert!(world.row("Sessions", &demo_session()).await.is_some());
    for name in ["auth-me/user", "auth-me/cookie", "auth-logout/logged-out", "tasks-list/tasks", "tasks-create/created"]
    {
        let answer = world.send(name).await;
        assert_eq!((answer.status, answer.code()), (401, "not_authenticated"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn raising_the_session_epoch_ends_every_session_that_began_before() {
    let world = World::new().await;
    let access_token = log_in(&world.app).await;
    world.change("Users", &demo_user(), "session_epoch", number(1)).await;
    assert_eq!(me(&world.app, &access_token).await.status, 401);
    assert_eq!(world.send("auth-me/user").await.status, 401);
    assert_eq!(world.send("tasks-list/tasks").await.status, 401);
    let after = log_in(&world.app).await;
    assert_eq!(me(&world.app, &after).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_is_gone_has_no_tasks() {
    let world = World::new().await;
    world.store.delete_item().table_name("Users").key("user_id", text(demo::PRINCIPAL.user_id)).send().await.unwrap();
    for name in ["tasks-list/tasks", "tasks-get/task", "tasks-create/created", "tasks-delete/deleted"] {
        let answer = world.send(name).await;
        assert_eq!((answer.status, answer.code()), (401, "not_authenticated"), "{name}");
    }
    assert_eq!(world.send("auth-me/user").await.code(), "user_not_found");
    assert_eq!(world.send("auth-login/logged-in").await.code(), "invalid_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_hold_nothing_that_signs_anybody_in() {
    let world = World::new().await;
    let access_token = log_in(&world.app).await;
    let session_token = demo::session_token(&world.app);
    for table in crate::world::TEMPLATE.tables.keys() {
        let rows = format!("{:?}", world.rows(table).await);
        for secret in [&access_token, &session_token, demo::PASSWORD, LOCAL["JWT_SECRET_KEY"]] {
            assert!(!rows.contains(secret), "{table} holds {secret}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_remembers_where_it_began_as_the_gateway_saw_it() {
    let world = World::new().await;
    let forged = crate::event::with_header(event("auth-login/logged-in"), "x-forwarded-for", "198.51.100.1");
    let signed_in = answer(&world.app, "auth-login", forged).await;
    let principal = principal_of(signed_in.text_at("/access_token"));
    let key = [("user_id", text(principal.user_id)), ("session_id", text(principal.session_id))];
    let row = world.row("Sessions", &key).await.unwrap();
    assert_eq!(
        (row["ip_address"].as_s().unwrap().as_str(), row["user_agent"].as_s().unwrap().as_str()),
        ("203.0.113.7", "curl/8.5.0")
    );
}
