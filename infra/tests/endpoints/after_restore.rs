//! What a backup brings back is not believed: `infra/examples/after_restore`.

use std::collections::BTreeSet;

use crate::{
    case::{demo_credential, demo_user},
    event::{event, with_bearer, with_session_cookie},
    repair::{Tables, repair},
    workers::purge::rows_left_by_the_purge,
    world::{Item, World, text},
};

/// What is to be done, or has been.
async fn run(world: &World, write: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let tables = Tables::from_variables(|_| None);
    let changes = repair(&world.store, &tables, write, |line| lines.push(line)).await.unwrap();
    assert_eq!(changes, lines.len());
    lines
}

async fn put(world: &World, table: &str, row: Item) {
    world.store.put_item().table_name(table).set_item(Some(row)).send().await.unwrap();
}

async fn all(world: &World) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for table in ["Users", "Credentials", "Sessions", "Deletions"] {
        for row in world.rows(table).await {
            let row: std::collections::BTreeMap<_, _> = row.into_iter().collect();
            rows.insert(format!("{table} {row:?}"));
        }
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_revoked_since_the_backup_stays_revoked() {
    let world = World::new().await;
    let token = world.send("auth-sign-in-email/signed-in").await.text_at("/token").to_owned();
    let me = async || world.send_event("auth-me", with_bearer(event("auth-me/user"), &token)).await.status;
    let backup = world.row("Users", &demo_user()).await.unwrap();
    let revoke = with_session_cookie(event("auth-revoke-sessions/revoked"), &token);
    assert_eq!(world.send_event("auth-revoke-sessions", revoke).await.status, 200);
    assert_eq!(me().await, 401);
    // One that began after that has a later epoch.
    let later = world.send("auth-login/logged-in").await.text_at("/access_token").to_owned();
    put(&world, "Users", backup).await;
    assert_eq!(me().await, 200, "a restored profile alone brings the session back");

    let before = all(&world).await;
    let told = run(&world, false).await;
    assert_eq!((told.len(), all(&world).await), (1, before), "only told: {told:?}");
    assert_eq!(run(&world, true).await, told);
    assert_eq!(me().await, 401);
    let later = with_bearer(event("auth-me/user"), &later);
    assert_eq!(world.send_event("auth-me", later).await.status, 401);
    assert_eq!(run(&world, true).await, [""; 0], "there is nothing more to do");
    assert_eq!(world.send("auth-login/logged-in").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_what_the_users_rows_say() {
    for drift in ["missing", "of another hash", "of nobody", "of another address"] {
        let world = World::new().await;
        run(&world, true).await;
        let credential = world.row("Credentials", &demo_credential()).await.unwrap();
        match drift {
            "missing" => {
                let [(name, email)] = demo_credential();
                world.store.delete_item().table_name("Credentials").key(name, email).send().await.unwrap();
            }
            "of another hash" => {
                let hash = text("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$c29tZWhhc2g");
                world.change("Credentials", &demo_credential(), "password_hash", hash).await;
            }
            "of nobody" => {
                let mut row = credential.clone();
                row.insert("email".to_owned(), text("nobody@example.com"));
                row.insert("user_id".to_owned(), text("00000000-0000-4000-8000-0000000000ff"));
                put(&world, "Credentials", row).await;
            }
            _ => {
                let mut row = credential.clone();
                row.insert("email".to_owned(), text("former@example.com"));
                put(&world, "Credentials", row).await;
            }
        }
        assert_eq!(run(&world, true).await.len(), 1, "{drift}");
        let left = world.rows("Credentials").await;
        assert_eq!(left, [credential], "{drift}");
        assert_eq!(world.send("auth-login/logged-in").await.status, 200, "{drift}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_deleted_since_the_backup_is_deleted_again() {
    let world = World::new().await;
    let backup = [("Users", &demo_user()), ("Credentials", &demo_credential())];
    let mut rows = Vec::new();
    for (table, key) in backup {
        rows.push((table, world.row(table, key).await.unwrap()));
    }
    assert_eq!(world.send("auth-delete-user/deleted").await.status, 200);
    for (table, row) in rows {
        put(&world, table, row).await;
    }
    assert_eq!(world.send("auth-login/logged-in").await.status, 200, "they are back");
    assert_eq!(run(&world, true).await.len(), 1);
    assert_eq!(world.send("auth-login/logged-in").await.status, 401);
    assert!(world.rows("Users").await.is_empty() && world.rows("Credentials").await.is_empty());
    let deletions = world.rows("Deletions").await;
    assert!(deletions[0].contains_key("rearmed_at") && !deletions[0].contains_key("purged_at"), "{deletions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_alone_of_a_deleted_account_that_have_come_back_are_purged_again() {
    let world = World::new().await;
    let tasks = world.rows("Tasks").await;
    assert_eq!(world.send("auth-delete-user/deleted").await.status, 200);
    assert_eq!(rows_left_by_the_purge(&world).await, 0);
    assert_eq!(run(&world, true).await, [""; 0]);
    for task in tasks {
        put(&world, "Tasks", task).await;
    }
    assert_eq!(run(&world, true).await.len(), 1);
    assert_eq!(rows_left_by_the_purge(&world).await, 0);
    assert_eq!(run(&world, true).await, [""; 0]);
}
