//! Each function may do what it does, and nothing else.

use std::collections::BTreeSet;

use crate::{case::outcomes, world::TEMPLATE};

#[test]
fn each_function_is_allowed_exactly_the_calls_that_it_makes() {
    for function in TEMPLATE.functions.values() {
        let made: BTreeSet<_> = outcomes()
            .iter()
            .filter(|outcome| outcome.function == function.binary)
            .flat_map(|outcome| outcome.calls.iter().flat_map(|call| call.needs.iter().cloned()))
            .collect();
        let allowed: BTreeSet<_> = function.grants.iter().cloned().collect();
        let missing: Vec<_> = made.difference(&allowed).collect();
        assert!(missing.is_empty(), "{} makes calls that template.yaml does not allow: {missing:?}", function.binary);
        let idle: Vec<_> = allowed.difference(&made).collect();
        assert!(idle.is_empty(), "{} is allowed calls that no case makes: {idle:?}", function.binary);
    }
}

#[test]
fn nothing_scans() {
    for outcome in outcomes() {
        assert!(outcome.calls.iter().all(|call| call.operation != "Scan"), "{}", outcome.event);
    }
}
