//! What becomes of a write that was carried out when the answer to it does not arrive: it is not done twice, and nobody is told
//! that it was not done.

use serde_json::json;

use crate::{
    case::in_parallel,
    event::event,
    promises::always_the_same,
    recorder::Fault,
    world::{Answer, World, answer},
};

/// Every way in which one task that is there is written.
const WRITES: [&str; 8] = [
    "tasks-update/updated",
    "tasks-update/precondition-met",
    "tasks-update/updated-once",
    "tasks-complete/flipped",
    "tasks-complete/precondition-met",
    "tasks-complete/flipped-once",
    "tasks-delete/deleted",
    "tasks-delete/deleted-once",
];

/// The answer, and what is left of the task.
async fn sent(world: &World, name: &str) -> (Answer, Answer) {
    (world.send(name).await, world.send("tasks-get/task").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_of_a_task_is_answered_as_if_no_answer_had_been_lost() {
    in_parallel(WRITES.into_iter().chain(["tasks-delete/precondition-met"]).map(|name| async move {
        let undisturbed = sent(&World::new().await, name).await;
        assert_eq!(undisturbed.0.status, 200, "{name}: {}", undisturbed.0.text);
        for lost in 1..=2 {
            let world = World::new().await;
            // The session is read before.
            world.recorder.fail(Fault::Lost, 1..1 + lost);
            let (answer, task) = sent(&world, name).await;
            assert_eq!((answer.status, &answer.text), (200, &undisturbed.0.text), "{name}, {lost} answers lost");
            assert_eq!(answer.headers, undisturbed.0.headers, "{name}, {lost} answers lost");
            // A refusal has the id of its request in it, which is always the same here.
            assert_eq!(task.text, undisturbed.1.text, "{name}, {lost} answers lost");
        }
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_arrives_again_is_not_done_again_though_another_came_between() {
    let world = World::new().await;
    // Without randomness, all writes are one and the same that is sent again.
    let app = world.app_with_random(always_the_same()).await;
    let flip = async || answer(&app, "tasks-complete", event("tasks-complete/flipped")).await;
    assert_eq!((flip().await.status, world.send("tasks-update/updated").await.status), (200, 200));
    let again = flip().await;
    assert_eq!((again.status, again.header("etag")), (200, Some("\"3\"")), "{}", again.text);
    assert_eq!(again.text, world.send("tasks-get/task").await.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_is_made_once_whichever_answers_are_lost() {
    for (name, reads, table, rows) in [
        ("auth-signup/created", 0, "Users", 2),
        ("tasks-create/created", 1, "Tasks", 2),
        ("tasks-create/created-once", 1, "Tasks", 2),
    ] {
        for lost in 1..=2 {
            let world = World::new().await;
            world.recorder.fail(Fault::Lost, reads..reads + lost);
            let answer = world.send(name).await;
            assert_eq!(answer.status, 201, "{name}, {lost} answers lost: {}", answer.text);
            assert_eq!(world.rows(table).await.len(), rows, "{name}, {lost} answers lost");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answers_are_all_lost_is_not_said_to_be_worth_repeating() {
    in_parallel(WRITES.into_iter().chain(["tasks-create/created", "tasks-create/created-once"]).map(
        |name| async move {
            let world = World::new().await;
            world.recorder.fail(Fault::Lost, 1..usize::MAX);
            let answer = world.send(name).await;
            assert_eq!((answer.status, answer.code()), (503, "outcome_unknown"), "{name}: {}", answer.text);
            assert_eq!(answer.header("retry-after"), None, "{name}");
        },
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_to_sign_up_again_who_may_have_an_account_already() {
    for (name, code) in [("auth-signup/created", "outcome_unknown"), ("auth-sign-up-email/created", "OUTCOME_UNKNOWN")]
    {
        let world = World::new().await;
        world.recorder.fail(Fault::Lost, 0..usize::MAX);
        let answer = world.send(name).await;
        assert_eq!((answer.status, answer.code()), (503, code), "{name}: {}", answer.text);
        assert_eq!(answer.header("retry-after"), None, "{name}");
        world.recorder.heal();
        assert_eq!(world.rows("Users").await.len(), 2, "{name}: the account is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_repeats_a_write_with_its_key_does_it_once_and_learns_what_came_of_it() {
    let keyed = WRITES.into_iter().filter(|name| name.ends_with("-once"));
    in_parallel(keyed.chain(["tasks-create/created-once"]).map(|name| async move {
        let world = World::new().await;
        world.recorder.fail(Fault::Lost, 1..usize::MAX);
        assert_eq!(world.send(name).await.status, 503, "{name}");
        world.recorder.heal();
        let again = world.send(name).await;
        assert!(again.status < 300, "{name}: {}", again.text);
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{name}");
        assert_eq!(world.send(name).await.text, again.text, "{name}");
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_somebody_else_deleted_is_not_found_whatever_was_throttled() {
    let world = World::new().await;
    assert_eq!(world.send("tasks-delete/deleted").await.status, 200);
    world.recorder.fail(Fault::Error("ThrottlingException"), 0..1);
    let answer = world.send("tasks-delete/deleted").await;
    assert_eq!(
        (answer.status, answer.code(), &answer.json["detail"]),
        (404, "task_not_found", &json!("Task not found"))
    );
}
