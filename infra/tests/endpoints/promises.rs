//! What the tables promise, whatever happens at the same time.

use std::{collections::BTreeSet, future::Future, sync::Arc};

use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use infra::demo;
use serde_json::json;
use shared::random::Random;
use tokio::task::JoinSet;

use crate::{
    event::{event, with_body, with_header, with_query, with_task},
    world::{Answer, World, answer, number, text},
};

/// How many do the same thing at the same time.
pub const MANY: usize = 20;

/// Does something many times at the same time.
pub async fn many<F>(mut make: impl FnMut(usize) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let running: JoinSet<Answer> = (0..MANY).map(&mut make).collect();
    running.join_all().await
}

/// Sends the same event many times at the same time.
pub async fn many_times(world: &Arc<World>, name: &'static str) -> Vec<Answer> {
    many(|_| {
        let world = Arc::clone(world);
        async move { world.send(name).await }
    })
    .await
}

pub fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_sign_ups_with_one_email_those_that_lose_leave_nothing() {
    let world = Arc::new(World::without_demo().await);
    many_times(&world, "auth-signup/created").await;
    for table in ["Credentials", "Users", "Sessions"] {
        assert_eq!(world.rows(table).await.len(), 1, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_counts_for_24_hours_though_its_row_stays_longer() {
    let world = World::new().await;
    let first = world.send("tasks-create/created-once").await;
    world.pass(24 * 60 * 60 - 1);
    assert_eq!(world.send("tasks-create/created-once").await.text, first.text);
    assert_eq!(world.send("tasks-create/idempotency-key-reused").await.status, 422);
    world.pass(1);
    assert_eq!(world.rows("Idempotency").await.len(), 1);
    let later = world.send("tasks-create/idempotency-key-reused").await;
    assert_eq!(later.status, 201);
    assert_ne!(later.json["id"], first.json["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_a_flip_counts_as_long_and_then_flips_back() {
    let world = World::new().await;
    let first = world.send("tasks-complete/flipped-once").await;
    world.pass(24 * 60 * 60 - 1);
    assert_eq!(world.send("tasks-complete/flipped-once").await.text, first.text);
    world.pass(1);
    let later = world.send("tasks-complete/flipped-once").await;
    assert_eq!((later.status, &later.json["completed"]), (200, &json!(false)), "{}", later.text);
    assert_eq!(later.header("idempotency-replayed"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_made_in_one_millisecond_have_different_ids() {
    let world = Arc::new(World::new().await);
    let answers = many(|number| {
        let world = Arc::clone(&world);
        let event = with_body(event("tasks-create/created"), &json!({"title": format!("task {number}")}));
        async move { world.send_event("tasks-create", event).await }
    })
    .await;
    assert_eq!(count(&answers, 201), MANY);
    let ids: BTreeSet<_> = answers.iter().map(|answer| answer.json["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), MANY);
    assert!(ids.iter().all(|id| *id < 1 << 53), "{ids:?}");
}

/// Randomness that is none.
pub fn always_the_same() -> Random {
    Random::from_fn(|bytes| {
        bytes.fill(0x5a);
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_never_takes_the_place_of_another() {
    for name in ["tasks-create/created-with-title-alone", "tasks-create/idempotency-key-reused"] {
        let world = World::new().await;
        let app = world.app_with_random(always_the_same()).await;
        let first = answer(&app, "tasks-create", event("tasks-create/created")).await;
        assert_eq!(first.status, 201);
        world.recorder.take();
        let second = answer(&app, "tasks-create", event(name)).await;
        assert_eq!((second.status, second.code()), (503, "unavailable"), "{name}: {}", second.text);
        let tries = world.recorder.take().len() - 1;
        assert_eq!(tries, 4, "{name}");
        let kept = answer(&app, "tasks-get", with_task(event("tasks-get/task"), &first.json["id"])).await;
        assert_eq!(kept.text, first.text, "{name}");
        // A millisecond later there is room again.
        world.pass(1);
        assert_eq!(answer(&app, "tasks-create", event(name)).await.status, 201, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_never_takes_the_place_of_another() {
    let world = World::new().await;
    let app = world.app_with_random(always_the_same()).await;
    let first = answer(&app, "auth-signup", event("auth-signup/created")).await;
    let second = answer(&app, "auth-signup", event("auth-signup/created-without-name")).await;
    assert_eq!((second.status, second.code()), (503, "unavailable"), "the email is free, only the id is not");
    let token = first.text_at("/access_token");
    let me =
        answer(&app, "auth-me", with_header(event("auth-me/user"), "authorization", &format!("Bearer {token}"))).await;
    assert_eq!(me.text_at("/email"), "ann@example.com");
    assert_eq!(world.rows("Credentials").await.len(), 2, "those of the demo account and of the first");
}

/// Makes tasks with a description: copies of the demo account's task as it is stored, with other ids.
async fn fill(world: &World, tasks: u64, description: &str) {
    let row = world.rows("Tasks").await.remove(0);
    let mut writes: Vec<WriteRequest> = Vec::new();
    for index in 1..=tasks {
        let mut row = row.clone();
        row.insert("task_id".to_owned(), number(demo::task_id().get() + index * 4096));
        row.insert("description".to_owned(), text(description));
        let put = PutRequest::builder().set_item(Some(row)).build().unwrap();
        writes.push(WriteRequest::builder().put_request(put).build());
    }
    for batch in writes.chunks(25) {
        world.store.batch_write_item().request_items("Tasks", batch.to_vec()).send().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_one_query_of_one_megabyte() {
    let world = World::new().await;
    fill(&world, 300, &"x".repeat(5000)).await;
    world.recorder.take();
    let page = world.send_event("tasks-list", with_query(event("tasks-list/tasks"), "q=no+task+has+this")).await;
    assert_eq!((page.status, page.json), (200, json!([])));
    assert!(page.headers.contains_key("link"), "what was not read may hold more");
    let queries: Vec<_> = world.recorder.take().into_iter().filter(|call| call.operation == "Query").collect();
    let [query] = queries.as_slice() else { panic!("{queries:?}") };
    assert!(query.read_units <= 257.0, "{query:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_is_longer_than_lambda_passes_whatever_the_tasks_hold() {
    // Tasks from before control characters were refused.
    let world = World::new().await;
    fill(&world, 230, &"\u{1}".repeat(5000)).await;
    for query in ["", "sort=due", "sort=priority&order=asc", "status=open", "limit=230", "q=%01"] {
        let (mut seen, mut query) = (BTreeSet::new(), query.to_owned());
        let whole = if query.starts_with("q=") { 230 } else { 231 };
        loop {
            let page = world.send_event("tasks-list", with_query(event("tasks-list/tasks"), &query)).await;
            assert_eq!(page.status, 200, "{query}");
            assert!(page.text.len() <= 4_000_000, "{query}: {}", page.text.len());
            let ids: Vec<_> = page.json.as_array().unwrap().iter().map(|task| task["id"].as_u64().unwrap()).collect();
            assert!(ids.iter().all(|id| seen.insert(*id)), "{query}: a task comes twice");
            let Some(link) = page.header("link") else { break };
            let next = link.split_once('?').unwrap().1.split_once('>').unwrap().0;
            assert!(next != query && !ids.is_empty(), "{query}: a step is a step");
            next.clone_into(&mut query);
        }
        assert_eq!(seen.len(), whole, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_say_the_same_are_the_same_to_an_idempotency_key() {
    let world = World::new().await;
    let first = world.send("tasks-create/created-once").await;
    let spelled = json!({"due_date": null, "title": " Buy milk ", "unknown": 1, "priority": "medium"});
    let again = world.send_event("tasks-create", with_body(event("tasks-create/created-once"), &spelled)).await;
    assert_eq!((again.status, again.text), (201, first.text));
}
