//! What was measured, held against `budgets.toml`.

use std::{collections::BTreeMap, fs};

use crate::{Result, Results, growth::Line, hashing, measure::Measured, programs::repository};

/// One budget, and the function that comes nearest to it.
#[derive(Debug)]
pub(crate) struct Held {
    /// What is budgeted.
    pub(crate) what: &'static str,
    /// The most that it may be.
    pub(crate) budget: f64,
    /// The most that it is.
    pub(crate) measured: f64,
    /// Of which function; nothing where there is only one.
    pub(crate) function: String,
}

/// Reads the budgets and holds the results against them. What was not measured is left out.
pub(crate) fn hold(results: &Results) -> Result<Vec<Held>> {
    let text = fs::read_to_string(repository().join("infra/benchmark/budgets.toml"))?;
    let file: BTreeMap<String, toml::Value> = toml::from_str(&text)?;
    let budgets = file.get("measured").ok_or("budgets.toml has no [measured]")?;
    let mut held = Vec::new();
    for (what, key, candidates) in measurements(results) {
        let budget = budgets.get(key).and_then(toml::Value::as_float);
        let budget = budget.ok_or_else(|| format!("budgets.toml has no {key} under [measured]"))?;
        let worst = candidates.into_iter().max_by(|(_, left), (_, right)| left.total_cmp(right));
        if let Some((function, measured)) = worst {
            held.push(Held { what, budget, measured, function });
        }
    }
    Ok(held)
}

type Candidates = Vec<(String, f64)>;

/// What is budgeted, its name in `budgets.toml`, and the measurements that have to stay within.
fn measurements(results: &Results) -> Vec<(&'static str, &'static str, Candidates)> {
    let (empty, naive) = (results.empty.init.p50, results.naive.init.p50);
    let of_tasks = |value: fn(&Measured) -> f64| of(results, "tasks-", value);
    vec![
        ("init of a task function, of the empty one's", "init_of_empty", scaled(of_tasks(|it| it.init.p50), empty)),
        ("init of a task function, of the naive one's", "init_of_naive", scaled(of_tasks(|it| it.init.p50), naive)),
        ("init of any function, ms", "init_ms", of(results, "", |it| it.init.p50)),
        ("our part of a task request, p50, ms", "ours_ms", of_tasks(|it| at_nearest(it, |at| at.ours.p50))),
        ("processor time of a task request, ms", "processor_ms", of_tasks(|it| at_nearest(it, |at| at.processor))),
        (
            "p99 of a task request, of its p50",
            "p99_of_p50",
            of_tasks(|it| at_nearest(it, |at| at.answer.p99 / at.answer.p50)),
        ),
        ("a hash, of the C reference implementation's", "hash_of_reference", hash_of_reference(results)),
        ("a login, of its hash and waiting for DynamoDB", "login_of_parts", login_of_parts(results)),
        ("a task function zipped, MB", "zipped_mb", of_tasks(|it| megabytes(it.size.zipped))),
        ("peak memory of a task function, MB", "task_memory_mb", of_tasks(|it| megabytes(it.peak_memory))),
        ("peak memory of a login, MB", "login_memory_mb", of(results, "auth-login", |it| megabytes(it.peak_memory))),
        ("processor time of a list of 100 tasks, ms", "page_of_100_ms", of_page(results, 100)),
        ("processor time of a page of 1,000 tasks, ms", "page_of_1000_ms", of_page(results, 1_000)),
        ("a page with 100,000 tasks, of one with 1,000", "page_growth", growth(results, |growth| &growth.by_tasks, 2)),
        ("a login with 100,000 users, of one with 10", "login_growth", growth(results, |growth| &growth.by_users, 0)),
    ]
}

fn of(results: &Results, prefix: &str, value: fn(&Measured) -> f64) -> Candidates {
    let functions = results.functions.iter().filter(|function| function.name.starts_with(prefix));
    functions.map(|function| (function.name.clone(), value(function))).collect()
}

fn scaled(candidates: Candidates, by: f64) -> Candidates {
    candidates.into_iter().map(|(name, value)| (name, value / by)).collect()
}

fn at_nearest(function: &Measured, value: fn(&crate::measure::AtLatency) -> f64) -> f64 {
    function.at_latency.values().next().map(value).unwrap_or_default()
}

fn hash_of_reference(results: &Results) -> Candidates {
    let Some(hashing) = &results.hashing else { return Vec::new() };
    let reference = hashing.others.get(hashing::REFERENCE);
    reference.map(|reference| (String::new(), hashing.ours.p50 / reference.p50)).into_iter().collect()
}

fn login_of_parts(results: &Results) -> Candidates {
    let Some(hashing) = &results.hashing else { return Vec::new() };
    let logins = results.functions.iter().filter(|function| function.name == "auth-login");
    let farthest = logins.filter_map(|login| login.at_latency.values().next_back());
    farthest.map(|at| (String::new(), at.answer.p50 / (hashing.ours.p50 + at.waited.p50))).collect()
}

/// Processor time for all tasks of a user who has that many, at most a page.
fn of_page(results: &Results, tasks: u32) -> Candidates {
    let line = results.growth.iter().find_map(|growth| growth.by_tasks.first());
    let at = line.into_iter().flat_map(|line| &line.processor).filter(|(count, _)| *count == tasks);
    at.map(|(_, average)| (String::new(), *average)).collect()
}

/// The last point of each line over the one with that index. Of the lines by tasks, those of pages count, which come first.
fn growth(results: &Results, lines: fn(&crate::growth::Growth) -> &Vec<Line>, base: usize) -> Candidates {
    let lines = results.growth.iter().flat_map(lines).take_while(|line| !line.what.starts_with("create"));
    let ratio = |line: &Line| {
        let (_, base) = line.points.get(base)?;
        let (_, last) = line.points.last()?;
        Some((line.what.clone(), last.p50 / base.p50))
    };
    lines.filter_map(ratio).collect()
}

/// Bytes as megabytes.
#[expect(clippy::cast_precision_loss, reason = "sizes of programs and processes")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
