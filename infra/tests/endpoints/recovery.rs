//! Links in mails: what they do, what becomes of the others when one is used, and who tries to use those that are not theirs.

use std::collections::BTreeSet;

use infra::demo;
use serde_json::{Value, json};
use shared::{
    App,
    accounts::{Preparation, prepare_letter},
    domain::{Occasion, UserId},
    identity::mail_token::Purpose,
    mail::Message,
    store::Lease,
};
use uuid::Uuid;

use crate::{
    case::{Given, OLDER_HASH, demo_user},
    event::{
        event, function_of, with_bearer, with_body, with_fields, with_header, with_path, with_path_parameter,
        with_query, with_session_cookie, without_cookies,
    },
    tokens,
    world::{Answer, World, answer, text},
};

const EMAIL: &str = "ann@example.com";
const PASSWORD: &str = "another horse battery";

/// The mails that a worker would send now.
async fn mails(world: &World) -> Vec<(Occasion, Message)> {
    let mut mails = Vec::new();
    for row in world.rows("Outbox").await {
        let id = Uuid::parse_str(row["outbox_id"].as_s().unwrap()).unwrap();
        let (now, until) = (world.app.clock.now(), world.app.clock.now().plus_seconds(60));
        let Lease::Acquired(letter) = world.app.store.lease_letter(id, now, until).await.unwrap() else {
            panic!("{id} is leased");
        };
        world.app.store.release_letter(id, until).await.unwrap();
        let occasion = letter.occasion;
        if let Preparation::Ready(message) = prepare_letter(&world.app, *letter).await.unwrap() {
            mails.push((occasion, message));
        }
    }
    mails
}

/// The one mail of an occasion.
async fn mail(world: &World, occasion: Occasion) -> Message {
    let mut found: Vec<_> = mails(world).await.into_iter().filter(|(of, _)| *of == occasion).collect();
    assert_eq!(found.len(), 1, "{occasion:?}: {found:?}");
    found.remove(0).1
}

/// The token in a link.
fn token(url: &str) -> String {
    let (_, rest) = url.split_once("/reset-password/").or_else(|| url.split_once("token=")).unwrap();
    rest.split(['?', '&']).next().unwrap().to_owned()
}

async fn mailed_token(world: &World, occasion: Occasion) -> String {
    token(&mail(world, occasion).await.url)
}

async fn send_with(world: &World, name: &str, body: Value) -> Answer {
    world.send_event(function_of(name), with_body(event(name), &body)).await
}

async fn reset(world: &World, token: &str) -> Answer {
    send_with(world, "auth-reset-password/reset", json!({"newPassword": PASSWORD, "token": token})).await
}

async fn follow(world: &World, token: &str) -> Answer {
    world
        .send_event("auth-verify-email", with_query(event("auth-verify-email/verified"), &format!("token={token}")))
        .await
}

async fn follow_deletion(world: &World, token: &str) -> Answer {
    let link = with_query(event("auth-follow-deletion-link/deleted"), &format!("token={token}"));
    world.send_event("auth-follow-deletion-link", link).await
}

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    send_with(world, "auth-sign-in-email/signed-in", json!({"email": email, "password": password})).await
}

async fn ask_for_reset(world: &World, email: &str) {
    let asked = send_with(world, "auth-request-password-reset/asked", json!({"email": email})).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
}

async fn ask_for_deletion(world: &World) {
    let app = world.app_with(&[("CONFIRM_DELETE_USER", "true")]).await;
    assert_eq!(answer(&app, "auth-delete-user", event("auth-delete-user/deleted")).await.status, 200);
}

async fn ask_for_change(world: &World, new_email: &str) {
    let change = with_fields(event("auth-change-email/asked"), &json!({"newEmail": new_email}));
    let asked = world.send_event("auth-change-email", change).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
}

fn assert_refused(answer: &Answer, status: u16) {
    assert_eq!((answer.status, answer.code()), (status, "INVALID_TOKEN"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_every_session_and_link_proves_the_mailbox_and_tells_the_owner() {
    let world = World::new().await;
    Given::OtherSession.arrange(&world).await;
    let jwt = world.send("auth-token/token").await.text_at("/token").to_owned();
    ask_for_change(&world, "new@example.com").await;
    ask_for_deletion(&world).await;
    ask_for_reset(&world, demo::EMAIL).await;
    let first = mailed_token(&world, Occasion::ResetPassword).await;
    let change = mailed_token(&world, Occasion::VerifyEmailChange).await;
    let deletion = mailed_token(&world, Occasion::DeleteAccount).await;

    world.pass(60);
    ask_for_reset(&world, demo::EMAIL).await;
    let both: Vec<_> = mails(&world).await.into_iter().filter(|(of, _)| *of == Occasion::ResetPassword).collect();
    let second = both.iter().map(|(_, mail)| token(&mail.url)).find(|token| *token != first).unwrap();

    // Scanners of mails that follow links use none up.
    let path = with_body(event("auth-follow-reset-link/valid"), &json!(null));
    for _ in 0..3 {
        let link = with_path_parameter(path.clone(), "token", &second);
        let followed = world.send_event("auth-follow-reset-link", link).await;
        assert!(followed.header("location").unwrap().contains(&format!("token={second}")), "{followed:?}");
    }
    assert_eq!(reset(&world, &second).await.status, 200);

    for name in ["auth-me/user", "auth-me/ended-session"] {
        assert_eq!(world.send(name).await.status, 401, "{name}");
    }
    let by_jwt = with_bearer(event("auth-me/no-credential"), &jwt);
    assert_eq!(world.send_event("auth-me", by_jwt).await.status, 401);
    assert_eq!(sign_in(&world, demo::EMAIL, demo::PASSWORD).await.status, 401);
    for used in [&first, &second] {
        assert_refused(&reset(&world, used).await, 400);
    }
    assert_refused(&follow(&world, &change).await, 401);

    let signed_in = sign_in(&world, demo::EMAIL, PASSWORD).await;
    assert_eq!((signed_in.status, &signed_in.json["user"]["emailVerified"]), (200, &json!(true)));
    let link = with_query(event("auth-follow-deletion-link/deleted"), &format!("token={deletion}"));
    let link = with_session_cookie(link, signed_in.text_at("/token"));
    assert_refused(&world.send_event("auth-follow-deletion-link", link).await, 404);
    assert_eq!(mail(&world, Occasion::PasswordReset).await.to, demo::EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_a_link_with_head_uses_nothing_up() {
    let world = World::new().await;
    ask_for_deletion(&world).await;
    ask_for_change(&world, "new@example.com").await;
    let deletion = format!("token={}", mailed_token(&world, Occasion::DeleteAccount).await);
    let change = format!("token={}", mailed_token(&world, Occasion::VerifyEmailChange).await);
    let verification = format!("token={}", tokens::mailed(Purpose::VerifyEmail));
    for (name, path, query) in [
        ("auth-follow-deletion-link/deleted", "/api/auth/delete-user/callback", &deletion),
        ("auth-verify-email/verified", "/api/auth/verify-email", &change),
        ("auth-verify-email/verified", "/api/auth/verify-email", &verification),
    ] {
        let before = world.row("Users", &demo_user()).await;
        world.recorder.take();
        let link = with_path(with_query(event(name), query), "HEAD", path);
        let looked_at = world.send_event(function_of(name), link).await;
        assert_eq!((looked_at.status, world.recorder.take().len()), (404, 0), "{name}");
        assert_eq!(world.row("Users", &demo_user()).await, before, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_mailbox_gets_the_account_that_somebody_else_made_with_its_address() {
    let world = World::new().await;
    let eve = world.send("auth-sign-up-email/created").await.text_at("/token").to_owned();
    let eves = async || {
        let me = with_bearer(event("auth-me/no-credential"), &eve);
        world.send_event("auth-me", me).await.status
    };
    assert_eq!(eves().await, 200);
    let original: Value = serde_json::from_str(event("auth-sign-up-email/created")["body"].as_str().unwrap()).unwrap();
    ask_for_reset(&world, EMAIL).await;
    assert_eq!(reset(&world, &mailed_token(&world, Occasion::ResetPassword).await).await.status, 200);
    assert_eq!(eves().await, 401);
    assert_eq!(sign_in(&world, EMAIL, original["password"].as_str().unwrap()).await.status, 401);
    // Also where signing in takes a verified address.
    let app = world.app_with(&[("REQUIRE_EMAIL_VERIFICATION", "true")]).await;
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let owner = with_body(event("auth-sign-in-email/signed-in"), &credentials);
    assert_eq!(answer(&app, "auth-sign-in-email", owner).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_with_a_registered_address_gives_its_owner_a_link_that_takes_the_account() {
    let world = World::new().await;
    let app = world.app_with(&[("REQUIRE_EMAIL_VERIFICATION", "true")]).await;
    let sign_up = |password: &str| with_fields(event("auth-sign-up-email/created"), &json!({"password": password}));
    let eve = answer(&app, "auth-sign-up-email", sign_up("the password of Eve")).await;
    let owner = answer(&app, "auth-sign-up-email", sign_up("the password of Ann")).await;
    for answer in [&eve, &owner] {
        assert_eq!((answer.status, &answer.json["token"]), (200, &json!(null)), "{}", answer.text);
    }
    let keys = |answer: &Answer| answer.json["user"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&eve), keys(&owner));
    // The link that was sent for Eve verifies nothing any more, nor does another: both lead to a new password.
    let verification = tokens::mailed_to(EMAIL, owner_id(&world).await);
    assert_refused(&follow(&world, &verification).await, 401);
    world.pass(1);
    let asked = without_cookies(with_body(
        event("auth-send-verification-email/asked"),
        &json!({"email": EMAIL, "callbackURL": "http://localhost:3000/welcome"}),
    ));
    assert_eq!(world.send_event("auth-send-verification-email", asked).await.status, 200);
    let sent = mails(&world).await;
    assert_eq!(sent.len(), 3, "{sent:?}");
    let (mut taken_over, mut places) = (String::new(), BTreeSet::new());
    for (_, mail) in &sent {
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), (EMAIL, "You have an account already"));
        taken_over = token(&mail.url);
        let link = with_query(event("auth-follow-reset-link/valid"), mail.url.split_once('?').unwrap().1);
        let link = with_path_parameter(link, "token", &taken_over);
        let page = world.send_event("auth-follow-reset-link", link).await;
        let (place, _) = page.header("location").unwrap().split_once(&format!("?token={taken_over}")).unwrap();
        places.insert(place.to_owned());
    }
    let own = "https://abc123.execute-api.eu-central-1.amazonaws.com";
    assert_eq!(places, [own, "http://localhost:3000"].map(|site| format!("{site}/reset-password")).into());
    assert_eq!(reset(&world, &taken_over).await.status, 200);
    for (password, status) in [("the password of Eve", 401), ("the password of Ann", 401), (PASSWORD, 200)] {
        assert_eq!(sign_in(&world, EMAIL, password).await.status, status, "{password}");
    }
}

/// The user whom an address belongs to.
async fn owner_id(world: &World) -> UserId {
    let row = world.row("Credentials", &[("email", text(EMAIL))]).await.unwrap();
    UserId(Uuid::parse_str(row["user_id"].as_s().unwrap()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_dies_with_what_it_was_made_for() {
    let changes: [(&str, &[&str], bool); 4] = [
        ("auth-change-password/changed", &["reset", "change", "deletion"], true),
        ("auth-revoke-other-sessions/revoked", &["change", "deletion"], true),
        ("auth-sign-out/signed-out", &[], false),
        ("auth-delete-user/deleted", &["reset", "change", "deletion"], false),
    ];
    for (name, dead, is_signed_in) in changes {
        let world = World::new().await;
        ask_for_reset(&world, demo::EMAIL).await;
        ask_for_change(&world, "new@example.com").await;
        ask_for_deletion(&world).await;
        let [of_reset, of_change, of_deletion] = [
            mailed_token(&world, Occasion::ResetPassword).await,
            mailed_token(&world, Occasion::VerifyEmailChange).await,
            mailed_token(&world, Occasion::DeleteAccount).await,
        ];
        assert_eq!(world.send(name).await.status, 200, "{name}");
        if dead.contains(&"deletion") && is_signed_in {
            assert_refused(&follow_deletion(&world, &of_deletion).await, 404);
        }
        let changed = follow(&world, &of_change).await.status;
        assert_eq!(changed != 200, dead.contains(&"change"), "{name}");
        if dead.contains(&"reset") {
            assert_refused(&reset(&world, &of_reset).await, 400);
        } else if changed != 200 {
            assert_eq!(reset(&world, &of_reset).await.status, 200, "{name}");
        } else {
            // The link was for the former address.
            assert_refused(&reset(&world, &of_reset).await, 400);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_deletes_the_account_of_whom_it_was_sent_to_and_of_nobody_else() {
    let world = World::new().await;
    ask_for_deletion(&world).await;
    let token = mailed_token(&world, Occasion::DeleteAccount).await;
    let other = world.send("auth-sign-up-email/created").await.text_at("/token").to_owned();
    let link = with_query(event("auth-follow-deletion-link/deleted"), &format!("token={token}"));
    assert_refused(
        &world.send_event("auth-follow-deletion-link", with_session_cookie(link.clone(), &other)).await,
        404,
    );
    let nobody = world.send_event("auth-follow-deletion-link", without_cookies(link)).await;
    assert_eq!((nobody.status, nobody.code()), (404, "FAILED_TO_GET_USER_INFO"));
    assert_eq!(follow_deletion(&world, &token).await.status, 200);
    assert_eq!(world.send_event("auth-me", with_bearer(event("auth-me/no-credential"), &other)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_outlives_its_account() {
    let world = World::new().await;
    let jwt = world.send("auth-token/token").await.text_at("/token").to_owned();
    let access_token = world.send("auth-login/logged-in").await.text_at("/access_token").to_owned();
    assert_eq!(world.send("auth-delete-user/deleted").await.status, 200);
    for bearer in [demo::session_token(&world.app), jwt, access_token] {
        for name in ["tasks-list/tasks", "tasks-create/created", "tasks-delete/deleted"] {
            let request = with_bearer(event(name), &bearer);
            assert_eq!(world.send_event(function_of(name), request).await.status, 401, "{name}");
        }
        let session = with_bearer(without_cookies(event("auth-get-session/session")), &bearer);
        assert_eq!(world.send_event("auth-get-session", session).await.text, "null");
    }
    assert_eq!(sign_in(&world, demo::EMAIL, demo::PASSWORD).await.status, 401);
    // The address is free, and whoever takes it gets nothing of what was before.
    let again = with_fields(event("auth-sign-up-email/created"), &json!({"email": demo::EMAIL}));
    let again = world.send_event("auth-sign-up-email", again).await;
    assert_eq!(again.status, 200, "{}", again.text);
    assert_ne!(again.text_at("/user/id"), demo::PRINCIPAL.user_id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_address_has_to_be_free_when_the_link_is_used_and_the_former_one_is_told() {
    let world = World::new().await;
    ask_for_change(&world, EMAIL).await;
    let change = mailed_token(&world, Occasion::VerifyEmailChange).await;
    assert_eq!(world.send("auth-sign-up-email/created").await.status, 200);
    assert_refused(&follow(&world, &change).await, 401);
    assert_eq!(sign_in(&world, demo::EMAIL, demo::PASSWORD).await.status, 200);

    ask_for_change(&world, "new@example.com").await;
    let both = mails(&world).await;
    let (_, mail) = both.iter().find(|(_, mail)| mail.to == "new@example.com").unwrap();
    let changed = follow(&world, &token(&mail.url)).await;
    assert_eq!(changed.text_at("/user/email"), "new@example.com");
    assert_refused(&follow(&world, &token(&mail.url)).await, 401);
    assert_eq!(sign_in(&world, demo::EMAIL, demo::PASSWORD).await.status, 401);
    assert_eq!(sign_in(&world, "new@example.com", demo::PASSWORD).await.status, 200);
    let told = self::mail(&world, Occasion::EmailChangeNotice).await;
    assert_eq!(told.to, demo::EMAIL);
    assert!(told.text.contains("new@example.com"), "{}", told.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_address_has_to_agree_to_another_where_that_is_configured() {
    let world = World::new().await;
    assert_eq!(world.send("auth-verify-email/verified").await.status, 302);
    let app = world.app_with(&[("CONFIRM_CHANGE_EMAIL", "true")]).await;
    assert_eq!(answer(&app, "auth-change-email", event("auth-change-email/asked")).await.status, 200);
    let agreement = mail(&world, Occasion::ConfirmEmailChange).await;
    assert_eq!(agreement.to, demo::EMAIL);
    // Nobody who is signed in as somebody else agrees.
    let eve = world.send("auth-sign-up-email/created").await.text_at("/token").to_owned();
    let link = with_query(event("auth-verify-email/verified"), &format!("token={}", token(&agreement.url)));
    let refused = world.send_event("auth-verify-email", with_session_cookie(link, &eve)).await;
    assert_eq!((refused.status, refused.code()), (401, "INVALID_USER"));
    for _ in 0..3 {
        assert_eq!(follow(&world, &token(&agreement.url)).await.text, r#"{"status":true}"#);
    }
    // However often somebody agrees, the other mailbox gets one mail.
    let proof = mail(&world, Occasion::VerifyEmailChange).await;
    assert_eq!(proof.to, "new@example.com");
    let changed = follow(&world, &token(&proof.url)).await;
    assert_eq!(changed.json["user"]["emailVerified"], true, "{}", changed.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_address_is_only_told_of_another_where_nothing_else_is_configured() {
    let world = World::new().await;
    assert_eq!(world.send("auth-verify-email/verified").await.status, 302);
    ask_for_change(&world, "new@example.com").await;
    let proof = mail(&world, Occasion::VerifyEmailChange).await;
    assert_eq!(proof.to, "new@example.com");
    assert_eq!(follow(&world, &token(&proof.url)).await.status, 200);
    // Who has proven that a mailbox is theirs is called by their name.
    let told = mail(&world, Occasion::EmailChangeNotice).await;
    assert_eq!(told.to, demo::EMAIL);
    assert!(told.text.starts_with("Hello Demo,"), "{}", told.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_an_unproven_address_at_once_has_to_prove_the_new_one() {
    let world = World::new().await;
    let app = world.app_with(&[("CHANGE_UNVERIFIED_EMAIL_AT_ONCE", "true")]).await;
    assert_eq!(answer(&app, "auth-change-email", event("auth-change-email/asked")).await.status, 200);
    assert_eq!(mail(&world, Occasion::EmailChangeNotice).await.to, demo::EMAIL);
    let proof = mail(&world, Occasion::VerifyEmail).await;
    assert_eq!(proof.to, "new@example.com");
    assert_eq!(world.send("auth-get-session/session").await.json["user"]["emailVerified"], false);
    assert_eq!(follow(&world, &token(&proof.url)).await.status, 200);
    assert_eq!(world.send("auth-get-session/session").await.json["user"]["emailVerified"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_where_the_gateway_says_whatever_a_client_says() {
    let world = World::new().await;
    let mut ask = event("auth-request-password-reset/asked");
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("x-forwarded-proto", "http"),
    ] {
        ask = with_header(ask, name, value);
    }
    assert_eq!(world.send_event("auth-request-password-reset", ask).await.status, 200);
    let url = mail(&world, Occasion::ResetPassword).await.url;
    assert!(url.starts_with("https://abc123.execute-api.eu-central-1.amazonaws.com/api/auth/reset-password/"), "{url}");
    for place in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil.example"] {
        let reset = json!({"email": demo::EMAIL, "redirectTo": place});
        let answer = send_with(&world, "auth-request-password-reset/asked", reset).await;
        assert_eq!((answer.status, answer.code()), (403, "INVALID_REDIRECT_URL"), "{place}");
        let plain = json!({"email": demo::EMAIL, "redirect_to": place});
        assert_eq!(send_with(&world, "auth-forgot-password/asked", plain).await.status, 422, "{place}");
    }
    assert_eq!(mails(&world).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_and_no_address_writes_headers_or_markup() {
    let world = World::new().await;
    let name = "Ann\r\nBcc: eve@example.com\r\n\r\n<img src=x>";
    let sign_up = with_fields(event("auth-sign-up-email/created"), &json!({"name": name}));
    assert_eq!(world.send_event("auth-sign-up-email", sign_up).await.status, 200);
    ask_for_reset(&world, EMAIL).await;
    let mail = mail(&world, Occasion::ResetPassword).await;
    assert_eq!(mail.to, EMAIL);
    assert!(!mail.subject.contains("Ann") && !mail.text.contains("\nBcc:"), "{}", mail.text);
    assert!(!mail.html.contains("<img"), "{}", mail.html);
    for address in ["ann@example.com\r\nBcc: eve@example.com", "ann@example.com,eve@example.com", "<ann@example.com>"] {
        let answer = send_with(&world, "auth-request-password-reset/asked", json!({"email": address})).await;
        assert_eq!((answer.status, answer.code()), (400, "VALIDATION_ERROR"), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_into_a_mail_to_somebody_else() {
    const LURE: &str = "Your account is locked, see https://evil.example";
    let world = World::new().await;
    let by_eve = |name| with_header(event(name), "user-agent", LURE);
    let sign_up = with_fields(by_eve("auth-sign-up-email/created"), &json!({"name": LURE}));
    let eve = world.send_event("auth-sign-up-email", sign_up).await.text_at("/token").to_owned();
    for (name, field, email) in [
        ("auth-request-password-reset/asked", "email", EMAIL),
        ("auth-send-verification-email/asked", "email", EMAIL),
        ("auth-change-email/asked", "newEmail", "victim@example.com"),
    ] {
        let asked = with_header(with_fields(by_eve(name), &json!({field: email})), "origin", "http://localhost:3000");
        let asked = with_session_cookie(asked, &eve);
        assert_eq!(world.send_event(function_of(name), asked).await.status, 200, "{name}");
    }
    let mails = mails(&world).await;
    assert_eq!(mails.len(), 3, "{mails:?}");
    for (occasion, mail) in mails {
        assert!(!mail.text.contains("evil") && !mail.html.contains("evil"), "{occasion:?}: {}", mail.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_tells_an_address_that_is_registered_from_one_that_is_not() {
    let world = World::new().await;
    let verifying = world.app_with(&[("REQUIRE_EMAIL_VERIFICATION", "true")]).await;
    let requests: [(&str, &str, &App); 5] = [
        ("auth-request-password-reset/asked", "email", &world.app),
        ("auth-forgot-password/asked", "email", &world.app),
        ("auth-send-verification-email/asked", "email", &world.app),
        ("auth-change-email/asked", "newEmail", &world.app),
        ("auth-sign-up-email/created", "email", &verifying),
    ];
    assert_eq!(world.send("auth-sign-up-email/created").await.status, 200);
    for (name, field, app) in requests {
        let mut seen = Vec::new();
        for email in [EMAIL, "nobody@example.com"] {
            let request = with_fields(event(name), &json!({field: email}));
            world.recorder.take();
            let mut answered = answer(app, function_of(name), request).await;
            let calls: Vec<_> = world.recorder.take().into_iter().map(|call| call.operation).collect();
            if let Some(user) = answered.json.get_mut("user") {
                // What a new user has of their own.
                assert!(user["id"].is_string(), "{}", answered.text);
                (user["id"], user["email"]) = (json!(""), json!(""));
            }
            seen.push((answered.status, answered.json, answered.headers, answered.cookies, calls));
        }
        let (unknown, known) = (seen.pop().unwrap(), seen.pop().unwrap());
        assert_eq!((known.0, &known.1, &known.2, &known.3), (unknown.0, &unknown.1, &unknown.2, &unknown.3), "{name}");
        assert_eq!(known.4.len(), unknown.4.len(), "{name}: {:?} and {:?}", known.4, unknown.4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_told_of_what_happens_to_their_account_where_that_is_configured() {
    let world = World::new().await;
    for (variables, expected) in [(&[][..], 0), (&[("SECURITY_NOTICES", "true")][..], 1)] {
        let app = world.app_with(variables).await;
        let seen_before = with_header(event("auth-sign-in-email/signed-in"), "user-agent", "the local stack");
        let new = with_header(event("auth-sign-in-email/signed-in"), "user-agent", &format!("browser {expected}"));
        for sign_in in [seen_before, new] {
            assert_eq!(answer(&app, "auth-sign-in-email", sign_in).await.status, 200);
        }
        let told = mails(&world).await;
        assert_eq!(told.iter().filter(|(of, _)| *of == Occasion::NewDevice).count(), expected, "{told:?}");
    }
    let app = world.app_with(&[("SECURITY_NOTICES", "true")]).await;
    assert_eq!(answer(&app, "auth-change-password", event("auth-change-password/changed")).await.status, 200);
    let told = mail(&world, Occasion::PasswordChanged).await;
    assert_eq!(told.to, demo::EMAIL);
    assert!(told.text.contains("203.0.113.7"), "{}", told.text);
    let deletion = with_fields(event("auth-delete-user/deleted"), &json!({"password": "another horse battery"}));
    assert_eq!(answer(&app, "auth-delete-user", deletion).await.status, 200);
    assert_eq!(mail(&world, Occasion::AccountDeleted).await.to, demo::EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_a_sign_in_that_has_to_be_verified_leads_on_to_where_the_sign_in_would_have() {
    let world = World::new().await;
    let app = world.app_with(&[("REQUIRE_EMAIL_VERIFICATION", "true"), ("VERIFY_EMAIL_ON_SIGN_IN", "true")]).await;
    let sign_in = with_fields(event("auth-sign-in-email/signed-in"), &json!({"callbackURL": "/tasks?open=1"}));
    let refused = answer(&app, "auth-sign-in-email", sign_in).await;
    assert_eq!((refused.status, refused.code()), (403, "EMAIL_NOT_VERIFIED"));
    let url = mail(&world, Occasion::VerifyEmail).await.url;
    assert!(url.ends_with("&callbackURL=%2Ftasks%3Fopen%3D1"), "{url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_hashed_anew_leaves_links_as_they_are() {
    let world = World::new().await;
    Given::OlderHash.arrange(&world).await;
    ask_for_reset(&world, demo::EMAIL).await;
    ask_for_deletion(&world).await;
    let reset_link = mailed_token(&world, Occasion::ResetPassword).await;
    let deletion = mailed_token(&world, Occasion::DeleteAccount).await;
    assert_eq!(sign_in(&world, demo::EMAIL, demo::PASSWORD).await.status, 200);
    assert_ne!(world.row("Users", &demo_user()).await.unwrap()["password_hash"], text(OLDER_HASH));
    // What was asked for and not sent yet goes out too.
    for (occasion, token) in [(Occasion::ResetPassword, &reset_link), (Occasion::DeleteAccount, &deletion)] {
        assert_eq!(&mailed_token(&world, occasion).await, token);
    }
    assert_eq!(reset(&world, &reset_link).await.status, 200);
    assert_refused(&reset(&world, &reset_link).await, 400);
    assert_eq!(follow_deletion(&world, &deletion).await.code(), "FAILED_TO_GET_USER_INFO");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_asked_for_before_a_change_of_password_is_not_sent_after_it() {
    let world = World::new().await;
    ask_for_reset(&world, demo::EMAIL).await;
    assert_eq!(world.send("auth-change-password/changed").await.status, 200);
    assert!(mails(&world).await.is_empty());
    world.pass(1);
    ask_for_reset(&world, demo::EMAIL).await;
    assert_eq!(mails(&world).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_counts_for_an_hour_and_one_that_deletes_for_a_day() {
    let world = World::new().await;
    ask_for_reset(&world, demo::EMAIL).await;
    ask_for_deletion(&world).await;
    let of_reset = mailed_token(&world, Occasion::ResetPassword).await;
    let of_deletion = mailed_token(&world, Occasion::DeleteAccount).await;
    world.pass(3600);
    assert_refused(&reset(&world, &of_reset).await, 400);
    let expired = world.send("auth-verify-email/verified").await;
    assert!(expired.header("location").unwrap().ends_with("?error=TOKEN_EXPIRED"), "{expired:?}");
    world.pass(23 * 3600);
    assert_refused(&follow_deletion(&world, &of_deletion).await, 404);
    assert!(world.row("Users", &demo_user()).await.is_some());
}
