//! What a request costs, counted and compared with the table in the README.

use std::collections::{BTreeMap, BTreeSet};

use functions::endpoints;

use crate::{
    case::{Outcome, outcomes},
    recorder::Call,
};

const README: &str = include_str!("../../../README.md");

/// A row of the README: `| function | calls | sequential | read units | write units |`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    /// `A → B ∥ C`: first A, then B and C at the same time.
    calls: String,
    /// The most calls that wait for one another.
    sequential: String,
    read_units: String,
    write_units: String,
}

impl Row {
    fn measured(outcome: &Outcome) -> Self {
        let units = |of: fn(&Call) -> f64| outcome.calls.iter().map(of).sum::<f64>().to_string();
        Self {
            calls: shown(&outcome.calls),
            sequential: sequential(&outcome.calls).to_string(),
            read_units: units(|call| call.read_units),
            write_units: units(|call| call.write_units),
        }
    }

    fn to_markdown(&self, name: &str) -> String {
        format!("| {name} | {} | {} | {} | {} |", self.calls, self.sequential, self.read_units, self.write_units)
    }
}

fn in_readme() -> BTreeMap<String, Row> {
    let names: Vec<_> = endpoints().map(|endpoint| endpoint.name).collect();
    README
        .lines()
        .filter_map(|line| {
            let cells = line.strip_prefix('|')?.strip_suffix('|')?;
            let cells: Vec<_> = cells.split('|').map(|cell| cell.trim().replace('`', "")).collect();
            let [name, calls, sequential, read_units, write_units]: [String; 5] = cells.try_into().ok()?;
            let function = name.split(',').next()?;
            names.contains(&function).then_some((name, Row { calls, sequential, read_units, write_units }))
        })
        .collect()
}

#[test]
fn requests_cost_what_the_readme_says() {
    let measured: BTreeMap<_, _> =
        outcomes().iter().filter_map(|outcome| Some((outcome.costs_as?.to_owned(), Row::measured(outcome)))).collect();
    let table: Vec<_> = measured.iter().map(|(name, row)| row.to_markdown(name)).collect();
    assert_eq!(in_readme(), measured, "the rows are\n{}", table.join("\n"));
}

#[test]
fn the_cost_of_every_function_is_known() {
    let costs_known: BTreeSet<_> =
        outcomes().iter().filter(|outcome| outcome.costs_as.is_some()).map(|outcome| outcome.function).collect();
    assert_eq!(costs_known, endpoints().map(|endpoint| endpoint.name).collect());
}

/// The length of the longest chain of calls of which each begins after the one before has ended.
fn sequential(calls: &[Call]) -> usize {
    let mut by_end: Vec<_> = calls.iter().collect();
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

fn shown(calls: &[Call]) -> String {
    let mut groups: Vec<(u64, Vec<String>)> = Vec::new();
    for call in calls {
        let mut tables: Vec<_> = call.needs.iter().map(|(_, table)| table.as_str()).collect();
        if call.operation == "BatchGetItem" {
            tables.sort_unstable();
        }
        let name = format!("{} {}", call.operation, tables.join("+"));
        match groups.last_mut().filter(|(ended, _)| call.begun < *ended) {
            Some((ended, names)) => {
                *ended = call.ended.max(*ended);
                names.push(name);
            }
            None => groups.push((call.ended, vec![name])),
        }
    }
    let groups = groups.into_iter().map(|(_, mut names)| {
        names.sort();
        names.join(" ∥ ")
    });
    groups.collect::<Vec<_>>().join(" → ")
}
