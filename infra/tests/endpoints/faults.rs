//! What becomes of a request when DynamoDB does not do what it is asked.

use std::collections::BTreeSet;

use shared::http::Dialect;

use crate::{
    case::{Given, in_parallel, outcomes, successes},
    event::{event, function_of},
    recorder::{Fault, INTERNALS},
    world::{Answer, World, answer, endpoint},
};

/// What passes: the request may be sent again.
const TRANSIENT: &[Fault] = &[
    Fault::Refused,
    Fault::TimedOut,
    Fault::NotJson,
    Fault::ServerError,
    Fault::Error("ProvisionedThroughputExceededException"),
    Fault::Error("ThrottlingException"),
    Fault::Error("RequestLimitExceeded"),
];

/// What is a fault of ours: the request would fail again.
const LASTING: &[Fault] = &[
    Fault::Error("ValidationException"),
    Fault::Error("ResourceNotFoundException"),
    Fault::Error("AccessDeniedException"),
];

/// Sends every request that succeeds, with each of the faults from each of its calls on, and gives the answers. None of them
/// leaves anything behind that would keep the same request from succeeding afterwards.
async fn answers_under(faults: &'static [Fault]) -> Vec<(String, String, Answer)> {
    let requests = successes().into_iter().map(|(name, given)| async move {
        let calls = calls(&name, given).await;
        let world = World::new().await;
        given.arrange(&world).await;
        let mut answers = Vec::new();
        for fault in faults {
            for call in 0..calls {
                world.recorder.fail(*fault, call..usize::MAX);
                let what = format!("{name}, {fault:?} from call {call} on");
                answers.push((what, name.clone(), world.send(&name).await));
            }
        }
        world.recorder.heal();
        assert!(world.send(&name).await.status < 400, "{name}: something is left behind");
        answers
    });
    in_parallel(requests).await.into_iter().flatten().collect()
}

/// How many calls a request makes that succeeds.
async fn calls(name: &str, given: Given) -> usize {
    let world = World::new().await;
    given.arrange(&world).await;
    world.recorder.take();
    assert!(world.send(name).await.status < 400, "{name}");
    world.recorder.take().len()
}

/// The answer has this status, in the plain dialect this code, says when to come back exactly if that helps, and nothing else.
fn assert_failed(what: &str, name: &str, answer: &Answer, (status, code): (u16, &str)) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    if endpoint(function_of(name)).dialect == Dialect::Plain {
        assert_eq!(answer.code(), code, "{what}: {}", answer.text);
    }
    assert_eq!(answer.header("retry-after"), (status == 503).then_some("1"), "{what}");
    assert_tells_no_internals(what, answer);
}

const UNAVAILABLE: (u16, &str) = (503, "unavailable");
const INTERNAL: (u16, &str) = (500, "internal");

fn assert_tells_no_internals(what: &str, answer: &Answer) {
    let headers = format!("{:?}", answer.headers);
    for secret in [INTERNALS, "DynamoDB", "Exception", "127.0.0.1"] {
        assert!(!answer.text.contains(secret) && !headers.contains(secret), "{what}: {} {headers}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_not_available_is_answered_with_503_and_when_to_come_back() {
    for (what, name, answer) in answers_under(TRANSIENT).await {
        assert_failed(&what, &name, &answer, UNAVAILABLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unexpected_error_of_the_store_is_answered_with_500_and_no_internals() {
    for (what, name, answer) in answers_under(LASTING).await {
        assert_failed(&what, &name, &answer, INTERNAL);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_once_is_sent_again() {
    let requests = successes().into_iter().map(|(name, given)| async move {
        for fault in [Fault::Refused, Fault::ServerError, Fault::Error("ThrottlingException")] {
            let world = World::new().await;
            given.arrange(&world).await;
            world.recorder.fail(fault, 0..1);
            let answer = world.send(&name).await;
            assert!(answer.status < 400, "{name}, {fault:?}: {}", answer.text);
        }
    });
    in_parallel(requests).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_meets_another_is_sent_again() {
    for name in ["auth-signup/created", "tasks-create/created-once"] {
        let world = World::new().await;
        // The session is read before the task is made.
        let reads = if name.starts_with("tasks") { 1 } else { 0 };
        world.recorder.fail(Fault::Conflict, reads..reads + 3);
        let answer = world.send(name).await;
        assert_eq!(answer.status, 201, "{name}: {}", answer.text);
        let transactions = world.recorder.take().iter().filter(|call| call.operation == "TransactWriteItems").count();
        assert_eq!(transactions, 4, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_always_meets_another_is_given_up_with_503() {
    for (name, reads) in [("auth-signup/created", 0), ("tasks-create/created-once", 1)] {
        let world = World::new().await;
        world.recorder.fail(Fault::Conflict, reads..usize::MAX);
        let answer = world.send(name).await;
        assert_failed(name, name, &answer, UNAVAILABLE);
        world.recorder.heal();
        assert_eq!(world.send(name).await.status, 201, "{name}: nothing is left behind");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_was_not_read_is_no_reason_to_sign_anybody_out() {
    let outcomes = tokio::task::spawn_blocking(outcomes).await.unwrap();
    let begin_with_a_batch = outcomes.iter().filter(|outcome| {
        outcome.succeeded && outcome.calls.first().is_some_and(|call| call.operation == "BatchGetItem")
    });
    let names: BTreeSet<_> = begin_with_a_batch.map(|outcome| &outcome.event).collect();
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        let world = World::new().await;
        world.recorder.fail(Fault::Unprocessed, 0..1);
        assert_failed(name, name, &world.send(name).await, UNAVAILABLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_silent_is_given_up_long_before_the_function_ends() {
    let world = World::new().await;
    world.recorder.fail(Fault::Silence, 0..usize::MAX);
    let app = world.app_with_its_own_timeouts().await;
    let begun = std::time::Instant::now();
    let answer = answer(&app, "tasks-list", event("tasks-list/tasks")).await;
    assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{}", answer.text);
    let timeouts = crate::world::TEMPLATE.functions.values().map(|function| function.timeout_seconds);
    assert!(begun.elapsed().as_secs() < timeouts.min().unwrap() / 2, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_nobody_runs_is_not_available() {
    let outcomes = tokio::task::spawn_blocking(outcomes).await.unwrap();
    let world = World::new().await;
    // Nothing listens on the port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let app = world.app_with(&[("AWS_ENDPOINT_URL_DYNAMODB", &endpoint)]).await;
    let ask_the_store = outcomes.iter().filter(|outcome| outcome.succeeded && !outcome.calls.is_empty());
    for name in ask_the_store.map(|outcome| &outcome.event).collect::<BTreeSet<_>>() {
        let answer = answer(&app, function_of(name), event(name)).await;
        assert_failed(name, name, &answer, UNAVAILABLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_replaces_the_hash_only_of_the_right_password() {
    let world = World::new().await;
    Given::OlderHash.arrange(&world).await;
    let stored = async || {
        let row = world.row("Credentials", &crate::case::demo_credential()).await.unwrap();
        row["password_hash"].as_s().unwrap().clone()
    };
    assert_eq!(world.send("auth-login/wrong-password").await.status, 401);
    assert_eq!(stored().await, crate::case::OLDER_HASH);
    assert_eq!(world.send("auth-login/logged-in").await.status, 200);
    let replaced = stored().await;
    assert!(replaced.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{replaced}");
    assert_eq!(world.send("auth-login/logged-in").await.status, 200);
    assert_eq!(stored().await, replaced);
}
