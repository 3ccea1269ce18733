//! What becomes of a request when DynamoDB does not do what it is asked.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use shared::{http::Dialect, identity::password_hash::PasswordHasher, random::Random};

use crate::{
    case::{Given, Outcome, in_parallel, outcomes, successes},
    event::{event, function_of},
    recorder::{Call, Fault, INTERNALS, counts},
    world::{Answer, World, answer, answer_within, endpoint},
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

/// Those of them that a write may have been done before.
const AMBIGUOUS: &[Fault] = &[Fault::TimedOut, Fault::NotJson, Fault::ServerError];

/// A request, one of the faults from one of its calls on, and the answer.
struct Failed {
    what: String,
    name: String,
    fault: Fault,
    /// The first call that the request needs, and those that the function makes at the same time.
    calls: Vec<Call>,
    answer: Answer,
}

/// Sends every request that succeeds, with each of the faults from each of its calls on, and gives the answers. None of them
/// leaves anything behind that would keep the same request from succeeding afterwards.
async fn answers_under(faults: &'static [Fault]) -> Vec<Failed> {
    let requests = successes().into_iter().map(|(name, given)| async move {
        let calls = calls(&name, given).await;
        let world = World::new().await;
        given.arrange(&world).await;
        let mut answers = Vec::new();
        for fault in faults {
            for number in 0..calls.len() {
                world.recorder.fail(*fault, number..usize::MAX);
                let needed = calls[number..].iter().filter(|call| !is_optional(&name, call));
                let Some(first) = needed.clone().next() else {
                    let answer = world.send(&name).await;
                    assert!(answer.status < 400, "{name}, {fault:?} from call {number} on: {}", answer.text);
                    continue;
                };
                let at_once = needed.filter(|call| call.begun <= first.ended).cloned();
                answers.push(Failed {
                    what: format!("{name}, {fault:?} from call {number} on"),
                    name: name.clone(),
                    fault: *fault,
                    calls: at_once.collect(),
                    answer: world.send(&name).await,
                });
            }
        }
        world.recorder.heal();
        assert!(world.send(&name).await.status < 400, "{name}: something is left behind");
        answers
    });
    in_parallel(requests).await.into_iter().flatten().collect()
}

/// The calls of a request that succeeds.
async fn calls(name: &str, given: Given) -> Vec<Call> {
    let world = World::new().await;
    given.arrange(&world).await;
    world.recorder.take();
    assert!(world.send(name).await.status < 400, "{name}");
    world.recorder.take()
}

/// Whether it is told from one that was not done. A session that is looked at is extended, which may be done again.
fn is_outcome_watched(call: &Call) -> bool {
    let is_extension = call.operation == "UpdateItem" && call.needs.iter().all(|(_, table)| table == "Sessions");
    call.write_units > 0.0 && !is_extension
}

/// Whether a request does without it, because it is done for later: its failure is nobody's.
fn is_optional(name: &str, call: &Call) -> bool {
    match function_of(name) {
        "auth-login" | "auth-sign-in-email" => ["Query", "TransactWriteItems"].contains(&call.operation.as_str()),
        "auth-get-session" | "auth-token" => call.operation == "UpdateItem",
        _ => false,
    }
}

/// The answer has this status, this code, says when to come back exactly if that helps, and nothing else.
fn assert_failed(what: &str, name: &str, answer: &Answer, (status, code): (u16, &str)) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    if endpoint(function_of(name)).dialect == Dialect::Plain {
        assert_eq!(answer.code(), code, "{what}: {}", answer.text);
    }
    assert_eq!(answer.header("retry-after"), (code == "unavailable").then_some("1"), "{what}");
    assert_tells_no_internals(what, answer);
}

const UNAVAILABLE: (u16, &str) = (503, "unavailable");
const OUTCOME_UNKNOWN: (u16, &str) = (503, "outcome_unknown");
const INTERNAL: (u16, &str) = (500, "internal");

fn assert_tells_no_internals(what: &str, answer: &Answer) {
    let headers = format!("{:?}", answer.headers);
    for secret in [INTERNALS, "DynamoDB", "Exception", "127.0.0.1"] {
        assert!(!answer.text.contains(secret) && !headers.contains(secret), "{what}: {} {headers}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_not_available_is_answered_with_503_and_when_to_come_back_if_nothing_was_done() {
    for Failed { what, name, fault, calls, answer } in answers_under(TRANSIENT).await {
        let watched = calls.iter().filter(|call| is_outcome_watched(call)).count();
        // Of two calls at the same time, the one that fails first is told of.
        let is_other_told = watched < calls.len() && answer.header("retry-after").is_some();
        let is_unknown = AMBIGUOUS.contains(&fault) && watched > 0 && !is_other_told;
        let expected = if is_unknown { OUTCOME_UNKNOWN } else { UNAVAILABLE };
        assert_failed(&what, &name, &answer, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unexpected_error_of_the_store_is_answered_with_500_and_no_internals() {
    for Failed { what, name, answer, .. } in answers_under(LASTING).await {
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
async fn a_write_of_a_task_that_was_certainly_not_done_is_sent_again() {
    const NOT_DONE: [Fault; 5] = [
        Fault::Refused,
        Fault::Error("ThrottlingException"),
        Fault::Error("ProvisionedThroughputExceededException"),
        Fault::Error("RequestLimitExceeded"),
        Fault::Error("TransactionConflictException"),
    ];
    let requests = [
        "tasks-create/created",
        "tasks-create/created-once",
        "tasks-update/updated",
        "tasks-update/precondition-met",
        "tasks-complete/flipped",
        "tasks-complete/precondition-met",
        "tasks-delete/deleted",
        "tasks-delete/precondition-met",
    ];
    in_parallel(requests.into_iter().map(|name| async move {
        for fault in NOT_DONE {
            // Transactions that meet are told of in another way.
            if name == "tasks-create/created-once" && fault == Fault::Error("TransactionConflictException") {
                continue;
            }
            let world = World::new().await;
            world.recorder.fail(fault, 1..3);
            let answer = world.send(name).await;
            assert!(answer.status < 300, "{name}, {fault:?}: {}", answer.text);
            assert_eq!(world.recorder.take().len(), 4, "{name}, {fault:?}: the session, and three times the task");
        }
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_meets_another_is_sent_again() {
    for name in ["auth-signup/created", "tasks-create/created-once"] {
        let world = World::new().await;
        // The session is read before the task is made.
        let reads = if name.starts_with("tasks") { 1 } else { 0 };
        // After each that met another comes a look at what that other one has done.
        world.recorder.fail(Fault::Conflict, reads..reads + 6);
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
async fn what_a_batch_left_unread_is_asked_for_again() {
    let outcomes = tokio::task::spawn_blocking(outcomes).await.unwrap();
    let begin_with_a_batch = outcomes.iter().filter(|outcome| {
        let is_plain_success = outcome.succeeded && matches!(outcome.given, Given::Demo);
        let is_alone =
            matches!(&outcome.calls[..], [first, rest @ ..] if rest.iter().all(|call| first.ended < call.begun));
        is_plain_success && is_alone && outcome.calls.first().is_some_and(|call| call.operation == "BatchGetItem")
    });
    let names: BTreeSet<_> = begin_with_a_batch.map(|outcome| outcome.event.clone()).collect();
    assert!(names.len() > 5, "{names:?}");
    in_parallel(names.into_iter().map(|name| async move {
        for fault in [Fault::Unprocessed, Fault::PartlyUnprocessed] {
            let world = World::new().await;
            world.recorder.fail(fault, 0..2);
            let answer = world.send(&name).await;
            assert!(answer.status < 400, "{name}, {fault:?}: {}", answer.text);
        }
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_never_read_is_no_reason_to_sign_anybody_out() {
    for name in ["tasks-get/task", "tasks-create/created", "auth-me/user", "auth-get-session/bearer"] {
        let world = World::new().await;
        world.recorder.fail(Fault::Unprocessed, 0..usize::MAX);
        assert_failed(name, name, &world.send(name).await, UNAVAILABLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_silent_is_given_up_long_before_the_function_ends() {
    let world = World::new().await;
    world.recorder.fail(Fault::Silence, 0..usize::MAX);
    let app = world.app_with_its_own_timeouts().await;
    let begun = Instant::now();
    let answer = answer(&app, "tasks-list", event("tasks-list/tasks")).await;
    assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{}", answer.text);
    let timeouts = crate::world::TEMPLATE.functions.values().map(|function| function.timeout_seconds);
    assert!(begun.elapsed().as_secs() < timeouts.min().unwrap() / 2, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_before_its_function_ends_however_long_each_call_may_take() {
    let world = World::new().await;
    let app = world.app_with_its_own_timeouts().await;
    // Enough for one attempt, and for the answer.
    let time = Duration::from_millis(2600);
    for (name, first_silent, code) in [
        ("tasks-list/tasks", 0, "unavailable"),
        ("tasks-list/tasks", 1, "unavailable"),
        ("tasks-complete/flipped", 1, "outcome_unknown"),
        ("auth-login/logged-in", 1, "unavailable"),
        ("auth-signup/created", 0, "outcome_unknown"),
    ] {
        world.recorder.fail(Fault::Silence, first_silent..usize::MAX);
        let begun = Instant::now();
        let answer = answer_within(&app, function_of(name), event(name), Some(time)).await;
        assert_eq!((answer.status, answer.code()), (503, code), "{name}, {first_silent}: {}", answer.text);
        assert!(begun.elapsed() < time, "{name}, {first_silent}: {:?}", begun.elapsed());
    }
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
    // To be counted is not worth waiting for.
    let asks = |outcome: &&Outcome| outcome.succeeded && outcome.calls.iter().any(|call| !counts(&call.needs));
    let ask_the_store = outcomes.iter().filter(asks);
    for name in ask_the_store.map(|outcome| &outcome.event).collect::<BTreeSet<_>>() {
        let answer = answer(&app, function_of(name), event(name)).await;
        assert_failed(name, name, &answer, UNAVAILABLE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_replaces_the_hash_only_of_the_right_password() {
    let world = World::new().await;
    Given::OlderHash.arrange(&world).await;
    let mut app = world.app.clone();
    app.passwords = PasswordHasher::new(Random::secure()).unwrap();
    let log_in = async |name: &str| answer(&app, "auth-login", event(name)).await.status;
    let stored = async || {
        let row = world.row("Credentials", &crate::case::demo_credential()).await.unwrap();
        row["password_hash"].as_s().unwrap().clone()
    };
    assert_eq!(log_in("auth-login/wrong-password").await, 401);
    assert_eq!(stored().await, crate::case::OLDER_HASH);
    assert_eq!(log_in("auth-login/logged-in").await, 200);
    let replaced = stored().await;
    assert!(replaced.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{replaced}");
    assert_eq!(log_in("auth-login/logged-in").await, 200);
    assert_eq!(stored().await, replaced);
}
