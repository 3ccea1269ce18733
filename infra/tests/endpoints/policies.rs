//! Each function may do what it does, and nothing else.

use std::collections::BTreeSet;

use crate::{case::outcomes, world::TEMPLATE};

#[test]
fn each_function_is_allowed_exactly_the_calls_that_it_makes() {
    let mut complaints = Vec::new();
    for function in TEMPLATE.functions.values() {
        let made: BTreeSet<_> = outcomes()
            .iter()
            .filter(|outcome| outcome.function == function.binary)
            .flat_map(|outcome| outcome.calls.iter().flat_map(|call| call.needs.iter().cloned()))
            .collect();
        let allowed: BTreeSet<_> = function.grants.iter().cloned().collect();
        for (action, table) in made.difference(&allowed) {
            complaints
                .push(format!("{} does {action} on {table}, which template.yaml does not allow", function.binary));
        }
        for (action, table) in allowed.difference(&made) {
            complaints.push(format!("{} is allowed {action} on {table}, which no case does", function.binary));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn nothing_scans() {
    for outcome in outcomes() {
        assert!(outcome.calls.iter().all(|call| call.operation != "Scan"), "{}", outcome.event);
    }
}
