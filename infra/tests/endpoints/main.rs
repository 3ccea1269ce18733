//! The endpoints, each event of `events/`, many others made of them and each promise of the store, over an embedded DynamoDB in memory.
//!
//! [`cases`] says for every event what the answer is, and what to change of it to be answered otherwise. The answers are worked out once per run, in parallel, each over
//! a store of its own, and then judged: the answers themselves in [`events`], what they cost in [`costs`], and what
//! the functions must be allowed to do in [`policies`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a test says what it expects by panicking when it does not hold"
)]

#[path = "../common/description.rs"]
mod api;
mod case;
mod cases;
mod event;
#[path = "../common/generated.rs"]
mod generated;
mod json;
mod orders;
mod recorder;
mod second_store;
#[path = "../common/store_answers.rs"]
mod store_answers;
mod tokens;
mod world;

mod answer_times;
#[path = "../../examples/after_restore/repair.rs"]
mod repair;

mod after_restore;
mod blocks;
mod costs;
mod credentials;
mod description;
mod distribution;
mod events;
mod faults;
mod interleavings;
mod limits;
mod link_interleavings;
mod logs;
mod lost_answers;
mod policies;
mod promises;
mod recovery;
mod robustness;
mod rotation;
mod session_quota;
mod sessions;
mod task_quota;
mod workers;
