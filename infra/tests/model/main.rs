//! A model of sessions: everything that two people can do to one account at the same time, in every order of their calls to
//! the store.
//!
//! The interleavings of the endpoint suite do the same with the code itself, one operation against one. The model is told what
//! the code does, so it can be wrong where the code is right; but it looks at every state on the way and not at the outcome
//! alone, lets operations follow one another, and rotates the secret meanwhile.
//!
//! How to read it: [`store`] has the rows and what one call does to them, under the names of `shared/src/store`. [`operations`]
//! has which call follows which, as the endpoints and `shared/src/accounts` make them. [`sessions`] puts the two together and
//! says what must hold. Whoever changes a condition or the order of calls there changes it here; a mistake in that is a
//! [`sessions::Flaw`], and each of those is found.
//!
//! The first of the two does two things, one after the other, and with `cargo test --test model -- --ignored` the second as well.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a test says what it expects by panicking when it does not hold"
)]

mod operations;
mod sessions;
mod store;

use std::io::Write as _;

use stateright::{Checker, HasDiscoveries, Model};

use operations::Call;
use sessions::{
    Flaw, NO_PASSWORD_OUTLIVES_ITS_CHANGE, NO_SESSION_OUTLIVES_ITS_REVOCATION, NOBODY_ELSES_SESSION_IS_ENDED, Sessions,
};

/// Tries everything, and says how much that was: straight to the descriptor, because the test runner hides the rest.
fn hold(operations: [usize; 2]) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let checker = Sessions { operations, flaw: None }.checker().threads(threads).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    let _ = writeln!(std::io::stderr(), "model: {operations:?} operations, {states} states, {depth} steps at most");
    checker.assert_properties();
}

#[test]
fn what_two_people_do_at_once_leaves_no_session_and_no_password_that_should_have_ended_and_ends_no_other() {
    hold([2, 1]);
}

#[test]
#[ignore = "a million states take half a minute"]
fn the_same_holds_when_both_do_two_things() {
    hold([2, 2]);
}

#[test]
fn every_flaw_is_found() {
    for (flaw, property) in [
        (Flaw::EpochOfAnotherRead, NO_PASSWORD_OUTLIVES_ITS_CHANGE),
        (Flaw::ExtensionWritesTheRow, NO_SESSION_OUTLIVES_ITS_REVOCATION),
        (Flaw::UnknownKeyIsSignedOut, NO_SESSION_OUTLIVES_ITS_REVOCATION),
        (Flaw::RevocationInTwoWrites, NOBODY_ELSES_SESSION_IS_ENDED),
        (Flaw::AnybodysTokenIsRevoked, NOBODY_ELSES_SESSION_IS_ENDED),
    ] {
        let model = Sessions { operations: [2, 1], flaw: Some(flaw) };
        let found = model.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
        let path = found.assert_any_discovery(property);
        let _ = writeln!(std::io::stderr(), "model: {flaw:?} breaks \"{property}\": {:?}", path.into_actions());
    }
}

/// The names are the code's: a function of the store that is renamed, or goes, is one of the model that lies.
#[test]
fn every_call_has_the_name_of_a_function_of_the_store() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/src/store");
    let files = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path());
    let code: String = files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect();
    for call in Call::OF_THE_STORE {
        let name: String = format!("{call:?}").chars().flat_map(snake_case).collect();
        let name = name.trim_start_matches('_');
        let is_there = ["(", "<"].iter().any(|next| code.contains(&format!("pub async fn {name}{next}")));
        assert!(is_there, "shared/src/store has no {name}");
    }
}

fn snake_case(letter: char) -> impl Iterator<Item = char> {
    let blank = letter.is_ascii_uppercase().then_some('_');
    blank.into_iter().chain(std::iter::once(letter.to_ascii_lowercase()))
}
