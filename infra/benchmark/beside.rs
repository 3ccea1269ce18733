//! Other programs that speak the Runtime API, beside ours: what each takes for the same events.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
    str::FromStr,
    time::Duration,
};

use infra::template::Template;
use serde::Serialize;

use crate::{
    Result,
    function::Function,
    growth::fill_tasks,
    measure::{Effort, Subject, definitions, restore_if_written},
    programs::{Builder, Size},
    statistics::{Summary, milliseconds},
    store::{Snapshot, Store},
};

/// What the demo account has, so that a list is one of some length.
const TASKS: u32 = 100;

/// Our functions, in a column of programs.
pub(crate) const OURS: &str = "ours";

/// A program to run beside ours, as it is asked for: `NAME=PROGRAM,EVENT[,EVENT…]`.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    name: String,
    /// What Lambda calls `bootstrap`. It is started without arguments, and the directory that it is in is its deployment package.
    bootstrap: PathBuf,
    /// `function/fixture`, below `events/`.
    events: Vec<String>,
}

impl FromStr for Beside {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, rest) = text.split_once('=').ok_or("there is no NAME=")?;
        let (bootstrap, events) = rest.split_once(',').ok_or("there is no ,EVENT")?;
        if name.is_empty() || name == OURS {
            return Err(format!("the program cannot be called \"{name}\""));
        }
        let events: Vec<_> = events.split(',').map(|event| event.trim_end_matches(".json").to_owned()).collect();
        if let Some(event) = events.iter().find(|event| event.split('/').count() != 2) {
            return Err(format!("\"{event}\" is not a function and one of its events, such as tasks-list/tasks"));
        }
        let bootstrap = PathBuf::from(bootstrap);
        let bootstrap = bootstrap.canonicalize().map_err(|error| format!("{}: {error}", bootstrap.display()))?;
        Ok(Self { name: name.to_owned(), bootstrap, events })
    }
}

/// An event, and what became of it in each program.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Job {
    /// `function/fixture`.
    pub(crate) event: String,
    /// The first one is ours.
    pub(crate) runs: Vec<Run>,
}

/// What a program took for an event. Times are in milliseconds, sizes in bytes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Run {
    pub(crate) program: String,
    pub(crate) package: Size,
    /// From the start of the process to its first question for an event, configured for the real DynamoDB.
    pub(crate) init: Summary,
    /// The first event's answer, and that of a warm program, with DynamoDB as far away as it gets.
    pub(crate) first_answer: Summary,
    pub(crate) answer: Summary,
    /// Processor time for a warm answer, on average.
    pub(crate) processor: f64,
    pub(crate) peak_memory: u64,
    /// Requests to DynamoDB for a warm answer.
    pub(crate) calls: usize,
}

/// Lets the programs and our functions take turns, event by event. Before that, `prepare` makes what the programs need in the store.
pub(crate) fn measure(
    programs: &[Beside],
    prepare: &[PathBuf],
    (template, builder): (&Template, Builder),
    mut store: Store,
    latency: u64,
    effort: Effort,
) -> Result<Vec<Job>> {
    let mut events: Vec<&String> = Vec::new();
    for event in programs.iter().flat_map(|program| &program.events) {
        if !events.contains(&event) {
            events.push(event);
        }
    }
    let mut jobs = Vec::new();
    for event in events {
        jobs.push((event, subjects(event, programs, template, builder)?));
    }
    let Some((_, [ours, ..])) = jobs.first().map(|(event, subjects)| (event, subjects.as_slice())) else {
        return Ok(Vec::new());
    };
    fill_tasks(&mut store, TASKS, 0)?;
    for program in prepare {
        let status = Command::new(program).envs(ours.with_store(&store)).status();
        let status = status.map_err(|error| format!("{}: {error}", program.display()))?;
        if !status.success() {
            return Err(format!("{} failed", program.display()).into());
        }
    }
    store.find_tables()?;
    store.calls();
    store.set_latency(Duration::from_millis(latency));
    let seeded = store.snapshot()?;

    let starts = starts(jobs.iter().flat_map(|(_, subjects)| subjects), effort)?;
    let mut measured = Vec::new();
    for (event, subjects) in &jobs {
        eprintln!("{event}: {}", subjects.iter().map(|subject| subject.name.as_str()).collect::<Vec<_>>().join(", "));
        let runs = answers(subjects, &starts, &mut store, &seeded, effort)?;
        measured.push(Job { event: (*event).clone(), runs });
    }
    Ok(measured)
}

/// Our function for an event, and after it the programs that are sent the same one.
fn subjects(event: &str, programs: &[Beside], template: &Template, builder: Builder) -> Result<Vec<Subject>> {
    let (name, fixture) = event.split_once('/').ok_or("an event is of a function")?;
    let definition = definitions(template).into_iter().find(|definition| definition.binary == name);
    let definition = definition.ok_or_else(|| format!("there is no function {name}"))?;
    let mut ours = Subject::with_event(definition, builder.program(name), fixture)?;
    OURS.clone_into(&mut ours.name);
    let of_event = programs.iter().filter(|program| program.events.iter().any(|other| other == event));
    let others = of_event.map(|program| ours.replaced_by(&program.name, program.bootstrap.clone()));
    Ok([ours.clone()].into_iter().chain(others).collect())
}

/// What is measured of a program once, however many events it is sent.
struct Start {
    init: Summary,
    package: Size,
}

fn starts<'a>(
    subjects: impl Iterator<Item = &'a Subject> + Clone,
    effort: Effort,
) -> Result<BTreeMap<&'a Path, Start>> {
    let mut init: BTreeMap<&Path, Vec<f64>> = BTreeMap::new();
    for _ in 0..effort.starts {
        let mut started = BTreeSet::new();
        for subject in subjects.clone().filter(|subject| started.insert(&subject.program)) {
            let function = Function::start(&subject.program, &subject.with_tls())?;
            init.entry(&subject.program).or_default().push(milliseconds(function.init));
        }
    }
    let mut starts = BTreeMap::new();
    for subject in subjects {
        let program = subject.program.as_path();
        if let Some(init) = init.remove(program) {
            // Ours is one file, beside which there may be others.
            let directory = program.parent().filter(|_| subject.name != OURS);
            let package = directory.map_or_else(|| Size::of(program), Size::of_package)?;
            starts.insert(program, Start { init: Summary::of(init), package });
        }
    }
    Ok(starts)
}

fn answers(
    subjects: &[Subject],
    starts: &BTreeMap<&Path, Start>,
    store: &mut Store,
    seeded: &Snapshot,
    effort: Effort,
) -> Result<Vec<Run>> {
    let mut first: Vec<Vec<f64>> = vec![Vec::new(); subjects.len()];
    for _ in 0..effort.first_answers {
        for (subject, first) in subjects.iter().zip(&mut first) {
            let function = Function::start(&subject.program, &subject.with_store(store))?;
            let answer = function.invoke(&subject.event)?;
            first.push(milliseconds(answer.duration()));
            restore_if_written(store, seeded)?;
        }
    }
    let mut warm = Vec::new();
    for subject in subjects {
        let function = Function::start(&subject.program, &subject.with_store(store))?;
        warm.push((subject, function, Vec::new(), Duration::ZERO, 0));
    }
    for round in 0..effort.warm_up + effort.answers {
        let mut expected = None;
        for (subject, function, durations, before, calls) in &mut warm {
            if round == effort.warm_up {
                *before = function.processor_time()?;
            }
            let answer = function.invoke(&subject.event)?;
            *calls = restore_if_written(store, seeded)?;
            let (status, expected) = (answer.status(), *expected.get_or_insert(answer.status()));
            if status != expected {
                return Err(format!("{} answers {status}, and ours {expected}: {}", subject.name, answer.body).into());
            }
            if round >= effort.warm_up {
                durations.push(answer.duration());
            }
        }
    }
    let mut runs = Vec::new();
    for ((subject, function, durations, before, calls), first) in warm.into_iter().zip(first) {
        let start = starts.get(subject.program.as_path()).ok_or("a program was not started")?;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let processor = milliseconds(function.processor_time()?.saturating_sub(before)) / effort.answers as f64;
        runs.push(Run {
            program: subject.name.clone(),
            package: start.package,
            init: start.init,
            first_answer: Summary::of(first),
            answer: Summary::of_durations(durations),
            processor,
            peak_memory: function.peak_memory()?,
            calls,
        });
    }
    Ok(runs)
}
