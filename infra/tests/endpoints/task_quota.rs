//! At most so many tasks of one user, more or less.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use shared::{App, random::Random};

use crate::{
    event::{event, with_header},
    recorder::Fault,
    world::{Answer, World, answer},
};

/// Random numbers of which the first byte of each is one of `drawn` in turn, and that are different all the same.
fn draws(drawn: impl Into<Vec<u8>>) -> Random {
    let drawn = drawn.into();
    let (count, drawings) = (AtomicU64::new(0), AtomicUsize::new(0));
    Random::from_fn(move |bytes| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        for (place, byte) in bytes.iter_mut().rev().zip(number.to_le_bytes()) {
            *place = byte;
        }
        if let [only] = bytes {
            *only = drawn[drawings.fetch_add(1, Ordering::Relaxed) % drawn.len()];
        }
        Ok(())
    })
}

/// The functions, which count at each task that is made, or at none.
async fn counting(world: &World, always: bool, most: &str) -> App {
    let random = if always { draws([0]) } else { draws([1]) };
    world.app_of(random, &[("MAX_TASKS_PER_USER", most)]).await
}

async fn create(app: &App) -> Answer {
    answer(app, "tasks-create", event("tasks-create/created")).await
}

async fn count(world: &World) -> usize {
    world.rows("Tasks").await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_as_many_tasks_as_they_may_makes_no_more_until_they_have_deleted_some() {
    let world = World::new().await;
    let there = count(&world).await;
    let most = (there + 2).to_string();
    let app = counting(&world, true, &most).await;
    for _ in 0..2 {
        assert_eq!(create(&app).await.status, 201);
        world.pass(1);
    }
    let refused = create(&app).await;
    assert_eq!((refused.status, refused.code()), (403, "too_many_tasks"), "{}", refused.text);
    assert_eq!(count(&world).await, there + 2);
    // What is there can still be changed and deleted, and there is room again once that is noticed.
    assert_eq!(answer(&app, "tasks-update", event("tasks-update/updated")).await.status, 200);
    assert_eq!(answer(&app, "tasks-delete", event("tasks-delete/deleted")).await.status, 200);
    world.pass(59);
    assert_eq!(create(&app).await.status, 403);
    world.pass(1);
    assert_eq!(create(&app).await.status, 201);
    assert_eq!(create(&app).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_known_to_have_no_room_makes_the_store_count_once_a_minute() {
    let world = World::new().await;
    let app = counting(&world, true, "1").await;
    let operations = async || {
        assert_eq!(create(&app).await.status, 403);
        world.recorder.take().into_iter().map(|call| call.operation).collect::<Vec<_>>()
    };
    world.recorder.take();
    assert_eq!(operations().await, ["BatchGetItem", "Query", "PutItem"]);
    assert_eq!(operations().await, ["BatchGetItem"]);
    world.pass(60);
    // Who is not drawn, but was found out before, is counted.
    let app = counting(&world, false, "1").await;
    assert_eq!(create(&app).await.status, 403);
    let calls: Vec<_> = world.recorder.take().into_iter().map(|call| call.operation).collect();
    assert_eq!(calls, ["BatchGetItem", "Query", "PutItem"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_counted_now_and_then() {
    let world = World::new().await;
    let app = counting(&world, false, "1").await;
    assert_eq!(create(&app).await.status, 201, "nobody has looked");
    // Of the values that may be drawn, one in sixty-four counts.
    let app = world.app_of(draws((0..=u8::MAX).collect::<Vec<_>>()), &[("MAX_TASKS_PER_USER", "1000")]).await;
    world.recorder.take();
    for _ in 0..256 {
        assert_eq!(create(&app).await.status, 201);
    }
    let counts = world.recorder.take().into_iter().filter(|call| call.operation == "Query").count();
    assert_eq!(counts, 4);
    let app = world.app_of(draws([1, 64]), &[("MAX_TASKS_PER_USER", "1")]).await;
    let mut refused = 0;
    for _ in 0..8 {
        refused += usize::from(create(&app).await.status == 403);
        world.pass(1);
    }
    assert!(refused > 4, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_repeated_with_its_key_is_answered_again_where_there_is_no_room() {
    let world = World::new().await;
    let most = (count(&world).await + 1).to_string();
    let app = counting(&world, true, &most).await;
    let send = async |key: &str| {
        let event = with_header(event("tasks-create/created-once"), "idempotency-key", key);
        answer(&app, "tasks-create", event).await
    };
    let first = send("first").await;
    assert_eq!(first.status, 201);
    assert_eq!((send("second").await.status, send("second").await.status), (403, 403));
    let again = send("first").await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.text, first.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_refused_because_nobody_can_count() {
    let world = Arc::new(World::new().await);
    let app = counting(&world, true, "1").await;
    // The session is read; counting fails three times, and the task is made.
    world.recorder.fail(Fault::Error("ThrottlingException"), 1..4);
    assert_eq!(create(&app).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_goes_over_pages() {
    let world = World::new().await;
    let there = count(&world).await;
    let long = "x".repeat(4_900);
    let many = counting(&world, false, "1000").await;
    for _ in 0..230 {
        let event = crate::event::with_body(
            event("tasks-create/created"),
            &serde_json::json!({"title": "long", "description": long}),
        );
        assert_eq!(answer(&many, "tasks-create", event).await.status, 201);
        world.pass(1);
    }
    world.recorder.take();
    for (most, status) in [(there + 231, 201), (there + 231, 403)] {
        let app = counting(&world, true, &most.to_string()).await;
        assert_eq!(create(&app).await.status, status, "{most}");
        let queries = world.recorder.take().iter().filter(|call| call.operation == "Query").count();
        assert_eq!(queries, 2, "{most}");
    }
}
