use std::{collections::HashMap, time::Duration};

use functions::worker::{
    StreamAnswer, StreamWorker,
    purge::{PurgeWorker, QUIET_AFTER_SECONDS},
};
use infra::demo;
use serde_json::Value;
use shared::{domain::TaskId, store::Change};

use super::{assert_rights, deadline, event, record, seen_needs};
use crate::{
    recorder::Fault,
    world::{Item, TEMPLATE, World, number, text},
};

const FUNCTION: &str = "PurgeWorker";

/// Deletes the demo account, and gives the record of it.
async fn delete_account(world: &World) -> Value {
    let store = &world.app.store;
    let (user, account) = store.user_with_account(demo::PRINCIPAL.user_id).await.unwrap().unwrap();
    let change = store.delete_account((&user, &account), None, world.app.clock.now()).await.unwrap();
    assert_eq!(change, Change::Made);
    record("INSERT", 0, &deletion(world).await)
}

async fn deletion(world: &World) -> Item {
    world.row("Deletions", &[("user_id", text(demo::PRINCIPAL.user_id))]).await.unwrap()
}

async fn handle(world: &World, record: &Value) -> StreamAnswer {
    let worker = PurgeWorker::new(world.app.clone());
    worker.handle(event(std::slice::from_ref(record)), deadline(world, FUNCTION)).await
}

/// Rows of the demo account: a task, a session or an idempotency key of that number.
fn row(table: &str, at: u64) -> Item {
    let sort_key = match table {
        "Tasks" => ("task_id", number(at)),
        "Sessions" => ("session_id", text(at)),
        _ => ("idempotency_key", text(at)),
    };
    HashMap::from([
        ("user_id".to_owned(), text(demo::PRINCIPAL.user_id)),
        (sort_key.0.to_owned(), sort_key.1),
        ("title".to_owned(), text("what is in it does not matter")),
    ])
}

/// Puts rows of the demo account into a table, past DynamoDB's API, which is not made for so many.
fn fill(world: &World, table: &str, count: u64) {
    let rows = (0..count).map(|at| {
        let row = row(table, at).into_iter().map(|(name, value)| {
            let value = value.as_n().map_or_else(
                |_| serde_json::json!({"S": value.as_s().unwrap()}),
                |number| serde_json::json!({"N": number}),
            );
            (name, serde_json::from_value(value).unwrap())
        });
        row.collect::<dynoxide::Item>()
    });
    world.database().import_items(table, rows.collect(), dynoxide::ImportOptions::default()).unwrap();
}

async fn put(world: &World, table: &str, at: u64) {
    world.store.put_item().table_name(table).set_item(Some(row(table, at))).send().await.unwrap();
}

/// Lets the purge of the demo account, which is deleted, come to its end, and says how many rows there are then.
pub async fn rows_left_by_the_purge(world: &World) -> usize {
    world.pass(QUIET_AFTER_SECONDS);
    let record = record("INSERT", 0, &deletion(world).await);
    assert_eq!(handle(world, &record).await, StreamAnswer::default());
    assert!(deletion(world).await.contains_key("purged_at"));
    rows_left(world).await
}

/// How many rows there are of the demo account, beside the record of its deletion.
async fn rows_left(world: &World) -> usize {
    let mut count = 0;
    for table in TEMPLATE.tables.keys().filter(|table| *table != "Deletions") {
        count += world.rows(table).await.len();
    }
    count
}

/// A count in the record of the deletion.
async fn counted(world: &World, what: &str) -> u64 {
    deletion(world).await[what].as_n().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_account_leaves_nothing_however_often_its_purge_is_interrupted() {
    interrupt_the_purge_of(2000, [5, 10, 16, 22, 14]).await;
}

#[tokio::test]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn an_account_of_twenty_thousand_tasks_leaves_nothing_however_often_its_purge_is_interrupted() {
    interrupt_the_purge_of(20_000, [5, 100, 160, 223, 140]).await;
}

/// Deletes an account of so many tasks, whose purge is interrupted five times, each after so many calls to the store.
async fn interrupt_the_purge_of(tasks: u64, calls: [usize; 5]) {
    let world = World::new().await;
    fill(&world, "Tasks", tasks);
    fill(&world, "Sessions", 99);
    fill(&world, "Idempotency", 300);
    let mut record = delete_account(&world).await;
    world.pass(60);
    world.recorder.take();

    // A page is a query, ten deletions and a count. Three times the worker is ended somewhere in between; twice its time runs out,
    // and the change of the record calls it again.
    for (calls, is_killed) in calls.into_iter().zip([true, true, false, true, false]) {
        let mut purge = Box::pin(handle(&world, &record));
        let mut seen = 0;
        let answer = loop {
            tokio::select! {
                answer = &mut purge => break Some(answer),
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
            seen += world.recorder.take().len();
            if seen >= calls && is_killed {
                break None;
            }
            if seen >= calls {
                world.pass(60);
            }
        };
        drop(purge);
        assert_eq!(answer.is_none(), is_killed, "the purge was over before it was interrupted");
        assert!(!deletion(&world).await.contains_key("purged_at"), "the purge was over before it was interrupted");
        if !is_killed {
            assert_eq!(answer.unwrap().postponed().count(), 0);
            let row = deletion(&world).await;
            assert!(row.contains_key("rearmed_at"), "{row:?}");
            record = super::record("MODIFY", 0, &row);
        }
    }
    assert_eq!(handle(&world, &record).await, StreamAnswer::default());
    assert_eq!(rows_left(&world).await, 0);

    let row = deletion(&world).await;
    assert!(row.contains_key("purged_at") && !row.contains_key("rearmed_at"), "{row:?}");
    // What a page had removed when the worker was ended is not counted.
    let counted_tasks = counted(&world, "tasks").await;
    assert!((tasks - 3 * 250..=tasks + 1).contains(&counted_tasks), "{counted_tasks}");
    assert!(counted(&world, "idempotency_keys").await <= 300);
}

#[tokio::test]
async fn what_a_request_still_writes_that_saw_the_account_alive_is_removed_too() {
    let world = World::new().await;
    let record = delete_account(&world).await;
    let purge = handle(&world, &record);
    let mut purge = std::pin::pin!(purge);
    let mut pages = 0;
    // Until each table was seen to be empty: rows of the demo account are removed, and the worker waits.
    while rows_left(&world).await > 0 {
        tokio::select! {
            _ = &mut purge => panic!("the purge did not wait"),
            () = tokio::time::sleep(Duration::from_millis(5)) => pages += 1,
        }
        assert!(pages < 2000, "the purge removes nothing");
    }
    for table in ["Sessions", "Tasks", "Idempotency"] {
        put(&world, table, 7).await;
    }
    assert!(!deletion(&world).await.contains_key("purged_at"));
    world.pass(15);
    assert_eq!(purge.await, StreamAnswer::default());
    assert_eq!(rows_left(&world).await, 0);
    assert_eq!(
        (counted(&world, "tasks").await, counted(&world, "sessions").await, counted(&world, "idempotency_keys").await),
        (2, 2, 1)
    );
}

#[tokio::test]
async fn records_of_what_is_done_cost_a_read_and_those_of_progress_nothing() {
    let world = World::new().await;
    let record = delete_account(&world).await;
    world.pass(60);
    handle(&world, &record).await;
    world.recorder.take();
    handle(&world, &record).await;
    let calls: Vec<_> = world.recorder.take().into_iter().map(|call| call.operation).collect();
    assert_eq!(calls, ["GetItem"]);
    handle(&world, &super::record("MODIFY", 0, &deletion(&world).await)).await;
    assert!(world.recorder.take().is_empty());
}

#[tokio::test]
async fn what_the_store_leaves_undone_is_done_again_and_a_store_that_is_away_is_waited_for() {
    let world = World::new().await;
    let record = delete_account(&world).await;
    world.pass(60);
    // The record, the sessions, and then their deletion, twice.
    world.recorder.fail(Fault::Unprocessed, 2..4);
    assert_eq!(handle(&world, &record).await, StreamAnswer::default());
    world.recorder.heal();
    assert_eq!(rows_left(&world).await, 0);

    let world = World::new().await;
    let record = delete_account(&world).await;
    world.pass(60);
    world.recorder.fail(Fault::ServerError, 2..usize::MAX);
    assert_eq!(handle(&world, &record).await.postponed().collect::<Vec<_>>(), ["0"]);
    world.recorder.heal();
    assert_eq!(handle(&world, &record).await, StreamAnswer::default());
    assert_eq!(rows_left(&world).await, 0);
}

#[tokio::test]
async fn another_account_keeps_everything() {
    let world = World::new().await;
    let other = TaskId::parse("1").unwrap();
    let task =
        HashMap::from([("user_id".to_owned(), text("somebody else")), ("task_id".to_owned(), number(other.get()))]);
    world.store.put_item().table_name("Tasks").set_item(Some(task)).send().await.unwrap();
    let record = delete_account(&world).await;
    world.pass(60);
    handle(&world, &record).await;
    assert_eq!(rows_left(&world).await, 1);
}

#[tokio::test]
async fn it_may_do_what_it_does_and_nothing_else() {
    let world = World::new().await;
    put(&world, "Idempotency", 1).await;
    let record = delete_account(&world).await;
    world.pass(60);
    world.recorder.take();
    handle(&world, &record).await;
    assert_rights(FUNCTION, seen_needs(&world), &[]);
}
