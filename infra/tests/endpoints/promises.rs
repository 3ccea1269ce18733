//! What the tables promise, whatever happens at the same time.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::Arc,
};

use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use infra::demo;
use serde_json::{Value, json};
use shared::random::Random;
use tokio::task::JoinSet;

use crate::{
    event::{event, with_body, with_header, with_query, with_task, with_user},
    recorder::Fault,
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
async fn of_many_sign_ups_with_one_email_exactly_one_wins() {
    let world = Arc::new(World::without_demo().await);
    let answers = many_times(&world, "auth-signup/created").await;
    assert_eq!((count(&answers, 201), count(&answers, 400)), (1, MANY - 1));
    for table in ["Credentials", "Users", "Sessions"] {
        assert_eq!(world.rows(table).await.len(), 1, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_flips_at_once_are_many_flips() {
    let world = Arc::new(World::new().await);
    let answers = many_times(&world, "tasks-complete/flipped").await;
    assert_eq!(count(&answers, 200), MANY);
    let tags: BTreeSet<_> = answers.iter().map(|answer| answer.header("etag").unwrap()).collect();
    assert_eq!(tags.len(), MANY, "each flip is a version of its own");
    let task = world.send("tasks-get/task").await;
    assert_eq!(task.json["completed"], json!(false), "an even number of flips");
    assert_eq!(task.header("etag"), Some(format!("\"{}\"", MANY + 1).as_str()));
    assert_eq!(world.send("tasks-complete/flipped").await.json["completed"], json!(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_of_one_version_exactly_one_wins() {
    for name in ["tasks-update/precondition-met", "tasks-complete/precondition-met", "tasks-delete/precondition-met"] {
        let world = Arc::new(World::new().await);
        let answers = many_times(&world, name).await;
        // What is deleted has no version any more.
        let late = if name.starts_with("tasks-delete") { 404 } else { 412 };
        assert_eq!((count(&answers, 200), count(&answers, late)), (1, MANY - 1), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_with_one_idempotency_key_make_one_task_and_get_one_answer() {
    let world = Arc::new(World::new().await);
    let answers = many_times(&world, "tasks-create/created-once").await;
    assert_eq!(count(&answers, 201), MANY);
    assert_eq!(answers.iter().map(|answer| answer.text.as_str()).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(answers.iter().map(|answer| answer.header("location")).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(world.rows("Tasks").await.len(), 2, "it and the demo account's own");
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
async fn an_idempotent_request_gives_its_first_answer_whatever_became_of_the_task() {
    let world = World::new().await;
    let first = world.send("tasks-create/created-once").await;
    let task = first.json["id"].clone();
    world.send_event("tasks-complete", with_task(event("tasks-complete/flipped"), &task)).await;
    let again = world.send("tasks-create/created-once").await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    world.send_event("tasks-delete", with_task(event("tasks-delete/deleted"), &task)).await;
    let again = world.send("tasks-create/created-once").await;
    assert_eq!((again.status, &again.text, again.header("etag")), (201, &first.text, first.header("etag")));
}

#[tokio::test(flavor = "multi_thread")]
async fn idempotency_keys_of_two_users_are_two_keys() {
    let world = World::new().await;
    let first = world.send("tasks-create/created-once").await;
    let other = world.send("auth-signup/created").await;
    let event = with_user(event("tasks-create/created-once"), other.text_at("/user/id"));
    let event = with_header(event, "authorization", &format!("Bearer {}", other.text_at("/access_token")));
    let others = world.send_event("tasks-create", event).await;
    assert_eq!((first.status, others.status), (201, 201));
    assert_eq!(others.text_at("/user_id"), other.text_at("/user/id"));
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
fn always_the_same() -> Random {
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

/// Makes tasks of 5,000 characters: copies of the demo account's task as it is stored, with other ids, due dates and
/// priorities.
async fn fill(world: &World, tasks: u64) {
    let row = world.rows("Tasks").await.remove(0);
    let mut writes: Vec<WriteRequest> = Vec::new();
    for index in 1..=tasks {
        let mut row = row.clone();
        row.insert("task_id".to_owned(), number(demo::task_id().get() + index * 4096));
        row.insert("description".to_owned(), text("x".repeat(5000)));
        row.insert("priority".to_owned(), text(["low", "medium", "high"][usize::try_from(index % 3).unwrap()]));
        if index % 4 == 0 {
            row.remove("due_date");
        } else {
            row.insert("due_date".to_owned(), text(format!("2026-03-{:02}", index * 7 % 28 + 1)));
        }
        writes.push(
            WriteRequest::builder().put_request(PutRequest::builder().set_item(Some(row)).build().unwrap()).build(),
        );
    }
    for batch in writes.chunks(25) {
        world.store.batch_write_item().request_items("Tasks", batch.to_vec()).send().await.unwrap();
    }
}

/// Follows the links from a list's first page to its last.
async fn pages(world: &World, query: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut query = query.to_owned();
    loop {
        let page = world.send_event("tasks-list", with_query(event("tasks-list/tasks"), &query)).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text);
        pages.push(page.json.as_array().unwrap().clone());
        let Some(link) = page.header("link") else { return pages };
        let (target, relation) = link.split_once('>').unwrap();
        assert_eq!(relation, "; rel=\"next\"");
        target.split_once('?').unwrap().1.clone_into(&mut query);
        assert!(pages.len() < 100, "the list has no end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_more_than_a_megabyte_lose_nothing_and_repeat_nothing() {
    let world = World::new().await;
    fill(&world, 300).await;
    let all: BTreeSet<u64> = (0..=300).map(|index| demo::task_id().get() + index * 4096).collect();
    for sort in ["created", "due", "priority"] {
        for order in ["asc", "desc"] {
            let pages = pages(&world, &format!("sort={sort}&order={order}&limit=120")).await;
            assert!(pages.len() > 2 && pages.iter().all(|page| page.len() <= 120), "{sort} {order}");
            let ids: Vec<_> = pages.iter().flatten().map(|task| task["id"].as_u64().unwrap()).collect();
            assert_eq!(ids.len(), all.len(), "{sort} {order}");
            assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), all, "{sort} {order}");
            if sort == "created" {
                let sorted: Vec<_> =
                    if order == "asc" { all.iter().copied().collect() } else { all.iter().rev().copied().collect() };
                assert_eq!(ids, sorted, "{order}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_one_query_of_one_megabyte() {
    let world = World::new().await;
    fill(&world, 300).await;
    world.recorder.take();
    let page = world.send_event("tasks-list", with_query(event("tasks-list/tasks"), "q=no+task+has+this")).await;
    assert_eq!((page.status, page.json), (200, json!([])));
    assert!(page.headers.contains_key("link"), "what was not read may hold more");
    let queries: Vec<_> = world.recorder.take().into_iter().filter(|call| call.operation == "Query").collect();
    let [query] = queries.as_slice() else { panic!("{queries:?}") };
    assert!(query.read_units <= 257.0, "{query:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_find_the_same_tasks_in_pages_as_at_once() {
    let world = World::new().await;
    fill(&world, 40).await;
    for filter in
        ["priority=high", "due_before=2026-03-10", "due_after=2026-03-10&sort=due", "q=try&sort=priority&order=asc"]
    {
        let ids = |pages: Vec<Vec<Value>>| -> Vec<u64> {
            pages.iter().flatten().map(|task| task["id"].as_u64().unwrap()).collect()
        };
        let at_once = ids(pages(&world, filter).await);
        assert!(!at_once.is_empty() && at_once.len() < 42, "{filter}");
        assert_eq!(ids(pages(&world, &format!("{filter}&limit=3")).await), at_once, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_a_list_is_read_disturbs_no_page() {
    let world = World::new().await;
    fill(&world, 9).await;
    let first = world.send_event("tasks-list", with_query(event("tasks-list/tasks"), "limit=5")).await;
    let link = first.header("link").unwrap().to_owned();
    assert_eq!(world.send("tasks-create/created").await.status, 201);
    let last_of_page = with_task(event("tasks-delete/deleted"), &first.json[4]["id"]);
    assert_eq!(world.send_event("tasks-delete", last_of_page).await.status, 200);
    let query = link.split_once('?').unwrap().1.split_once('>').unwrap().0;
    let rest = pages(&world, query).await.concat();
    let titles: BTreeMap<u64, ()> = rest.iter().map(|task| (task["id"].as_u64().unwrap(), ())).collect();
    let expected: BTreeMap<u64, ()> = (0..5).map(|index| (demo::task_id().get() + index * 4096, ())).collect();
    assert_eq!(titles, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_on_the_way_is_not_worked_out_twice() {
    // The client of DynamoDB sends a call again when its answer does not come, and the first one may have been carried out.
    for name in ["auth-signup/created", "tasks-create/created-once"] {
        let world = World::new().await;
        let reads = if name.starts_with("tasks") { 1 } else { 0 };
        world.recorder.fail(Fault::Lost, reads..reads + 1);
        let answer = world.send(name).await;
        assert_eq!(answer.status, 201, "{name}: {}", answer.text);
    }
    for (name, completed) in [
        ("tasks-complete/flipped", true),
        ("tasks-complete/precondition-met", true),
        ("tasks-update/precondition-met", false),
    ] {
        let world = World::new().await;
        world.recorder.fail(Fault::Lost, 1..2);
        let answer = world.send(name).await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{name}: {}", answer.text);
        let task = world.send("tasks-get/task").await;
        assert_eq!((task.header("etag"), &task.json["completed"]), (Some("\"2\""), &json!(completed)), "{name}");
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
