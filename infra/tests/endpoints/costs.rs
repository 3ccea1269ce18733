//! What a request costs, counted: the table in `shared/README.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use functions::endpoints;

use crate::{
    case::{Outcome, outcomes},
    generated::hold_block,
    recorder::{Call, counts},
};

/// A row of the table: `| function | calls | sequential | read units | write units |`.
struct Row {
    /// `A → B ∥ C`: first A, then B and C at the same time. `hash` is the hashing of a password.
    calls: String,
    /// The most calls that wait for one another. One that is over before a hash beside it is makes nobody wait.
    sequential: String,
    read_units: String,
    write_units: String,
}

impl Row {
    fn measured(outcome: &Outcome) -> Self {
        let units = |of: fn(&Call) -> f64| outcome.calls.iter().map(of).fold(0.0, |sum, units| sum + units).to_string();
        Self {
            calls: shown(outcome),
            sequential: sequential(outcome).to_string(),
            read_units: units(|call| call.read_units),
            write_units: units(|call| call.write_units),
        }
    }

    fn to_markdown(&self, name: &str) -> String {
        format!("| {name} | {} | {} | {} | {} |", self.calls, self.sequential, self.read_units, self.write_units)
    }
}

#[test]
fn the_table_of_costs_is_what_requests_cost() {
    let rows: BTreeMap<_, _> = outcomes()
        .iter()
        .filter_map(|outcome| Some((outcome.costs_as?, Row::measured(outcome).to_markdown(outcome.costs_as?))))
        .collect();
    let head = "| Function | Calls | Sequential | Read units | Write units |\n|---|---|---|---|---|\n";
    hold_block("shared/README.md", "costs", &(head.to_owned() + &rows.into_values().collect::<Vec<_>>().join("\n")));
}

#[test]
fn who_only_reads_waits_once_and_nobody_more_than_twice() {
    // What a list may read is too much to be read for somebody whose session has ended: they are checked before.
    let checked_before = ["auth-export", "auth-list-sessions", "tasks-list"];
    for outcome in outcomes() {
        let Some(row) = outcome.costs_as else { continue };
        let only_reads = outcome.calls.iter().all(|call| call.write_units == 0.0 || counts(&call.needs));
        let most = if only_reads && !checked_before.contains(&outcome.function) { 1 } else { 2 };
        assert!(sequential(outcome) <= most, "{row}: {}", shown(outcome));
    }
}

#[test]
fn no_password_hash_is_sent_to_where_tasks_are_served() {
    let functions_sent_one: BTreeSet<_> = outcomes()
        .iter()
        .filter(|outcome| outcome.calls.iter().any(|call| call.brings_password_hash))
        .map(|outcome| outcome.function)
        .collect();
    assert!(functions_sent_one.contains("auth-login"), "{functions_sent_one:?}");
    assert!(!functions_sent_one.iter().any(|function| function.starts_with("tasks-")), "{functions_sent_one:?}");
}

/// The most dollars that the logs of a million requests cost, in any Region of `prices.toml`.
const MOST_FOR_LOGS: f64 = 0.20;

#[test]
fn a_request_is_one_line_and_a_million_of_them_cost_at_most_twenty_cents() {
    let prices: toml::Table = toml::from_str(&read("infra/benchmark/prices.toml")).unwrap();
    let log = |name: &str| prices["log"][name].as_integer().unwrap();
    // As the gateway writes it unless told otherwise, of a request that it passed on.
    let template = read("template.yaml");
    let format = template.lines().find_map(|line| line.trim().strip_prefix("- $context.requestId")).unwrap();
    let access = format!("JKJaXmPLvHcESHA={format}");
    let access = access.replace("$context.status", "200").replace("$context.error.responseType", "-");
    assert_eq!(i64::try_from(access.len()).unwrap(), log("access_bytes"), "{access}");
    for outcome in outcomes().iter().filter(|outcome| outcome.costs_as.is_some()) {
        let lines: Vec<_> = outcome.logged.lines().collect();
        let [line] = lines.as_slice() else { panic!("{}: {lines:#?}", outcome.row()) };
        let bytes = line.len() + access.len() + 2 * usize::try_from(log("event_bytes")).unwrap();
        for region in prices["regions"].as_array().unwrap() {
            let price = |name: &str| region[name].as_float().unwrap();
            let gb = price("logs_gb") + prices["log"]["kept_part"].as_float().unwrap() * price("logs_gb_month");
            let cost = f64::from(u32::try_from(bytes).unwrap()) / 1e3 * gb;
            assert!(
                cost <= MOST_FOR_LOGS,
                "{} in {}: ${cost:.3} for {line}",
                outcome.row(),
                region["name"].as_str().unwrap()
            );
        }
    }
}

fn read(path: &str) -> String {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_cost_of_every_function_is_known() {
    let costs_known: BTreeSet<_> =
        outcomes().iter().filter(|outcome| outcome.costs_as.is_some()).map(|outcome| outcome.function).collect();
    assert_eq!(costs_known, endpoints().map(|endpoint| endpoint.name).collect());
}

/// The length of the longest chain of calls of which each begins after the one before has ended, without those that a hash
/// hides: they begin before it ends, and are over before it is.
fn sequential(outcome: &Outcome) -> usize {
    let is_hidden = |call: &Call| {
        outcome.hashes.iter().any(|hash| call.begun < hash.ended && hash.begun < call.ended && call.ended < hash.ended)
    };
    let mut by_end: Vec<_> = outcome.calls.iter().filter(|call| !is_hidden(call)).collect();
    by_end.sort_by_key(|call| call.ended);
    let mut count = 0;
    let mut last_end = 0;
    for call in by_end {
        if call.begun > last_end {
            count += 1;
            last_end = call.ended;
        }
    }
    count
}

fn shown(outcome: &Outcome) -> String {
    let mut steps: Vec<(u64, u64, String)> = Vec::new();
    for call in &outcome.calls {
        let mut tables: Vec<_> = call.needs.iter().map(|(_, table)| table.as_str()).collect();
        if call.operation == "BatchGetItem" {
            tables.sort_unstable();
        }
        steps.push((call.begun, call.ended, format!("{} {}", call.operation, tables.join("+"))));
    }
    steps.extend(outcome.hashes.iter().map(|hash| (hash.begun, hash.ended, "hash".to_owned())));
    steps.sort();
    let mut groups: Vec<(u64, Vec<String>)> = Vec::new();
    for (begun, ended, name) in steps {
        match groups.last_mut().filter(|(last_end, _)| begun < *last_end) {
            Some((last_end, names)) => {
                *last_end = ended.max(*last_end);
                names.push(name);
            }
            None => groups.push((ended, vec![name])),
        }
    }
    if groups.is_empty() {
        return "none".to_owned();
    }
    let groups = groups.into_iter().map(|(_, mut names)| {
        names.sort();
        names.join(" ∥ ")
    });
    groups.collect::<Vec<_>>().join(" → ")
}
