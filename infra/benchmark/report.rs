//! The results as Markdown, and their places in the two READMEs.

use std::{fmt::Write as _, fs, path::Path};

use crate::{
    PLOTS, Result, Results,
    beside::{Job, Run},
    budgets::{self, megabytes},
    cost::Prices,
    emulator::FirstEvent,
    growth::Line,
    hashing::Hashing,
    measure::Measured,
    programs::repository,
};

const BEGIN: &str = "<!-- begin: written by `cargo benchmark --publish` -->";
const END: &str = "<!-- end -->";

/// This benchmark's own directory, from the repository's root.
pub(crate) const DIRECTORY: &str = "infra/benchmark";

/// The pictures, in the order in which they are shown, and what they show.
const PICTURES: [(&str, &str); 5] = [
    ("beside.svg", "Beside other programs"),
    ("start.svg", "Start"),
    ("tasks.svg", "Growth with tasks"),
    ("users.svg", "Growth with users"),
    ("descriptions.svg", "Growth with the length of descriptions"),
];

/// What is published.
pub(crate) struct Report {
    tables: String,
    /// What README.md has of it.
    figures: String,
    /// Whether other programs were measured too, which then are what README.md shows.
    is_beside_others: bool,
}

impl Report {
    pub(crate) fn of(results: &Results) -> Result<Self> {
        let mut text = String::new();
        held(&mut text, results)?;
        speed(&mut text, results)?;
        if let Some(hashing) = &results.hashing {
            self::hashing(&mut text, hashing)?;
        }
        emulated(&mut text, &results.emulated)?;
        if let Some(growth) = &results.growth {
            lines(&mut text, "Tasks of the user", &growth.by_tasks)?;
            lines(&mut text, "Users", &growth.by_users)?;
            lines(&mut text, "Characters of each description", &growth.by_description)?;
        }
        for job in &results.beside {
            beside(&mut text, job)?;
        }
        cost(&mut text, results)?;
        Ok(Self { tables: text, figures: figures(results)?, is_beside_others: !results.beside.is_empty() })
    }

    pub(crate) fn text(&self) -> &str {
        &self.tables
    }

    /// Writes the tables, and links to the pictures that there are of them, between the marks of the benchmark's own README.md,
    /// and the figures and one picture between those of the repository's.
    pub(crate) fn publish(&self) -> Result<()> {
        let directory = repository().join(DIRECTORY);
        let mut text = self.tables.trim_end().to_owned();
        for (file, title) in PICTURES.iter().filter(|(file, _)| directory.join(PLOTS).join(file).exists()) {
            write!(text, "\n\n![{title}]({PLOTS}/{file})")?;
        }
        replace_between_marks(&directory.join("README.md"), &text)?;
        let [beside, start, ..] = PICTURES;
        let (file, title) = if self.is_beside_others { beside } else { start };
        let picture = format!("![{title}]({DIRECTORY}/{PLOTS}/{file})");
        replace_between_marks(&repository().join("README.md"), &format!("{}\n\n{picture}", self.figures.trim_end()))
    }
}

fn replace_between_marks(path: &Path, text: &str) -> Result<()> {
    let shown = path.display();
    let readme = fs::read_to_string(path)?;
    let (before, rest) = readme.split_once(BEGIN).ok_or_else(|| format!("{shown} has no place for the report"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{shown} does not say where the report ends"))?;
    fs::write(path, format!("{before}{BEGIN}\n\n{text}\n\n{END}{after}"))?;
    Ok(())
}

/// The four figures that say most: a start, a change of a task, a sign-in, a month. Each stands in the tables as well.
fn figures(results: &Results) -> Result<String> {
    let tasks = || results.functions.iter().filter(|function| function.name.starts_with("tasks-"));
    let init = tasks().map(|function| function.init.p50).fold(0.0, f64::max);
    let at_a_distance = |function: &Measured| function.at_latency.values().next_back().map(|at| at.answer.p50);
    let task = tasks().filter_map(at_a_distance).fold(0.0, f64::max);
    let login = results.functions.iter().filter(|function| function.name == "auth-login").find_map(at_a_distance);
    let prices = Prices::read()?;
    let bill = prices.bill(prices.default_region()?, 1_000, &results.functions)?;
    let mut text = String::new();
    writeln!(text, "| | |\n|---|---:|")?;
    writeln!(
        text,
        "| a function for tasks starts, to its first question for an event (an empty one: {:.2} ms, one built without care: {:.2} ms) | **{init:.2} ms** |",
        results.empty.init.p50, results.naive.init.p50,
    )?;
    writeln!(text, "| a request for a task, with two calls to a DynamoDB 3 ms away | **{task:.2} ms** |")?;
    if let Some(login) = login {
        writeln!(text, "| a login there, with its Argon2id hash | **{login:.2} ms** |")?;
    }
    writeln!(text, "| a month of 1,000 active users on AWS, without free tiers | **${:.2}** |", bill.total())?;
    Ok(text)
}

fn held(text: &mut String, results: &Results) -> Result<()> {
    writeln!(text, "| budget | at most | measured | within |\n|---|---:|---:|---|")?;
    for held in budgets::hold(results)? {
        let of = if held.function.is_empty() { String::new() } else { format!(" ({})", held.function) };
        let within = if held.measured <= held.budget { "yes" } else { "**no**" };
        writeln!(text, "| {} | {} | {:.2}{of} | {within} |", held.what, held.budget, held.measured)?;
    }
    writeln!(text)?;
    Ok(())
}

fn speed(text: &mut String, results: &Results) -> Result<()> {
    let latencies: Vec<u64> = results.empty.at_latency.keys().copied().collect();
    write!(text, "| function | MB | zipped MB | init ms | of the empty one's | of the naive one's |")?;
    for latency in &latencies {
        write!(text, " first answer, {latency} ms | p50, {latency} ms | p99, {latency} ms |")?;
    }
    writeln!(text, " ours ms | CPU ms | peak MB |")?;
    writeln!(text, "|---|{}", "---:|".repeat(8 + 3 * latencies.len()))?;
    for function in results.functions.iter().chain([&results.empty, &results.naive]) {
        write!(
            text,
            "| {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            function.name,
            megabytes(function.size.raw),
            megabytes(function.size.zipped),
            function.init.p50,
            function.init.p50 / results.empty.init.p50,
            function.init.p50 / results.naive.init.p50,
        )?;
        for at in function.at_latency.values() {
            write!(text, " {:.2} | {:.2} | {:.2} |", at.first_answer.p50, at.answer.p50, at.answer.p99)?;
        }
        let nearest = function.at_latency.values().next();
        let (ours, processor) = nearest.map(|at| (at.ours.p50, at.processor)).unwrap_or_default();
        writeln!(text, " {ours:.2} | {processor:.2} | {:.1} |", megabytes(function.peak_memory))?;
    }
    writeln!(text)?;
    Ok(())
}

/// Each implementation beside ours, which is the first.
fn hashing(text: &mut String, hashing: &Hashing) -> Result<()> {
    writeln!(text, "| one Argon2id hash | p50 ms | ours, of it | least ms | ours, of it |\n|---|---:|---:|---:|---:|")?;
    let ours = hashing.ours;
    writeln!(text, "| ours | {:.1} | 1.00 | {:.1} | 1.00 |", ours.p50, ours.min)?;
    for (name, other) in &hashing.others {
        let (p50, min) = (ours.p50 / other.p50, ours.min / other.min);
        writeln!(text, "| {name} | {:.1} | {p50:.2} | {:.1} | {min:.2} |", other.p50, other.min)?;
    }
    writeln!(text)?;
    Ok(())
}

/// An event in ours and in other programs: figures, and in brackets how many times ours they are.
fn beside(text: &mut String, job: &Job) -> Result<()> {
    let Some(ours) = job.runs.first() else { return Ok(()) };
    writeln!(
        text,
        "| {} | zipped MB | init ms | first answer ms | p50 ms | CPU ms | peak MB | DynamoDB calls |\n|---|{}",
        job.event,
        "---:|".repeat(7),
    )?;
    for run in &job.runs {
        write!(text, "| {} |", run.program)?;
        let values: [fn(&Run) -> f64; 6] = [
            |run| megabytes(run.package.zipped),
            |run| run.init.p50,
            |run| run.first_answer.p50,
            |run| run.answer.p50,
            |run| run.processor,
            |run| megabytes(run.peak_memory),
        ];
        for value in values {
            let times = value(run) / value(ours);
            let times = if times < 10.0 { format!("{times:.1}") } else { format!("{times:.0}") };
            write!(text, " {:.2} ({times}) |", value(run))?;
        }
        writeln!(text, " {} |", run.calls)?;
    }
    writeln!(text)?;
    Ok(())
}

fn emulated(text: &mut String, events: &[FirstEvent]) -> Result<()> {
    let Some(empty) = events.iter().find(|event| event.name == "empty") else { return Ok(()) };
    let ratio = |event: &FirstEvent| format!("{} {:.2}", event.name, event.took.min / empty.took.min);
    let ratios: Vec<_> = events.iter().map(ratio).collect();
    writeln!(
        text,
        "A cold start with an event that needs no data, under AWS's Runtime Interface Emulator, as a multiple of the empty function's: {}.\n",
        ratios.join(", "),
    )?;
    Ok(())
}

fn lines(text: &mut String, by: &str, lines: &[Line]) -> Result<()> {
    write!(text, "| {by} |")?;
    for line in lines {
        write!(text, " {} ms | CPU ms |", line.what)?;
    }
    writeln!(text, "\n|---:|{}", "---:|---:|".repeat(lines.len()))?;
    let counts = lines.first().into_iter().flat_map(|line| line.points.iter().map(|(count, _)| *count));
    for count in counts {
        write!(text, "| {} |", grouped(count))?;
        for line in lines {
            let point = line.points.iter().find(|(at, _)| *at == count);
            let processor = line.processor.iter().find(|(at, _)| *at == count);
            write!(text, " {:.2} |", point.map(|(_, summary)| summary.p50).unwrap_or_default())?;
            write!(text, " {:.2} |", processor.map(|(_, average)| *average).unwrap_or_default())?;
        }
        writeln!(text)?;
    }
    writeln!(text)?;
    Ok(())
}

fn cost(text: &mut String, results: &Results) -> Result<()> {
    let prices = Prices::read()?;
    let region = prices.default_region()?;
    let others = || prices.regions.iter().skip(1);
    write!(
        text,
        "| function, in {} | DynamoDB calls | read units | write units | MB | billed ms | GB-s | Lambda | DynamoDB | API Gateway | logs | a million requests |",
        region.name,
    )?;
    for other in others() {
        write!(text, " in {} |", other.name)?;
    }
    writeln!(text, "\n|---|---|{}", "---:|".repeat(10 + others().count()))?;
    for function in &results.functions {
        let cost = prices.of(region, function);
        write!(
            text,
            "| {} | {} | {} | {} | {} | {:.0} | {:.0} | ${:.2} | ${:.2} | ${:.2} | ${:.2} | **${:.2}** |",
            function.name,
            operations(function),
            function.read_units,
            function.write_units,
            function.memory_mb,
            cost.billed_ms,
            cost.gb_seconds,
            cost.lambda,
            cost.dynamodb,
            cost.api_gateway,
            cost.logs,
            cost.total(),
        )?;
        for other in others() {
            write!(text, " ${:.2} |", prices.of(other, function).total())?;
        }
        writeln!(text)?;
    }
    writeln!(text)?;
    for region in &prices.regions {
        let bill = prices.bill(region, 1_000, &results.functions)?;
        writeln!(
            text,
            "{} active users in {}, {:.1} million requests a month: Lambda ${:.2}, DynamoDB ${:.2}, its storage and backups ${:.2}, API Gateway ${:.2}, logs ${:.2}, secret, alarms and their metrics ${:.2}: **${:.2} a month**.\n",
            grouped(bill.users),
            region.name,
            bill.requests / 1e6,
            bill.lambda,
            bill.dynamodb,
            bill.storage,
            bill.api_gateway,
            bill.logs,
            bill.fixed,
            bill.total(),
        )?;
    }
    writeln!(text, "Prices of {}, without free tiers.", prices.date)?;
    Ok(())
}

fn operations(function: &Measured) -> String {
    function.operations.join(", ")
}

/// `100000` as `100,000`.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
