//! The plain dialect of the HTTP contract, judged from outside.
//!
//! `BASE_URL` names the API to judge: `cargo run`, `cargo lambda watch`, `sam local start-api` or a deployed stage.
//! Without it the suite starts one local stack in this process. `GATEWAY` says what stands in front of the
//! functions (see [`harness::Gateway`]), and `TRUSTED_ORIGIN` which browser origin that API was configured with.
//!
//! `STORE_FAULTS` has a stack of its own started whose store hurts so many of a thousand calls, from the seed `STORE_FAULTS_SEED`
//! (1). The suite then sends again what the contract says may be sent again, with a key for each change of a task that has none.
//!
//! Every test makes the users it needs, or uses a shared one that no test signs out, so the suite can be run
//! again and again against the same store.
//!
//! Not reachable from outside, and so tested elsewhere: expired tokens, disabled accounts, `User not found`, an
//! unavailable store, and keys that rotate.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a test says what it expects by panicking when it does not hold"
)]

#[path = "../common/description.rs"]
mod api;
#[allow(dead_code, reason = "its figures are for another suite")]
#[path = "../common/faulty_store.rs"]
mod faulty_store;
mod harness;
#[path = "../common/store_answers.rs"]
mod store_answers;

mod concurrency;
mod cookies;
mod cors;
mod credentials;
mod idempotency;
mod login;
mod one_session;
mod ownership;
mod passwords;
mod preconditions;
mod request_bodies;
mod routes;
mod scenario;
mod session;
mod signup;
mod task_create;
mod task_ids;
mod task_list;
mod task_paging;
mod task_read;
mod task_update;
