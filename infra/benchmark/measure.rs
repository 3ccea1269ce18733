//! What is measured of every function: starting, the first answer, and answers after that.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use infra::{
    stack::local_variable,
    template::{Function as Definition, Template},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Result,
    function::Function,
    programs::{Size, repository},
    statistics::{Summary, milliseconds},
    store::{Snapshot, Store},
};

/// How often things are repeated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Cold starts of a program until it asks for its first event.
    pub(crate) starts: usize,
    /// Cold starts until it has answered it.
    pub(crate) first_answers: usize,
    /// Answers before measuring begins.
    pub(crate) warm_up: usize,
    /// Answers that are measured.
    pub(crate) answers: usize,
}

/// A program and what it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) memory_mb: u32,
    environment: Vec<(String, String)>,
    /// The event's file name.
    pub(crate) fixture: String,
    pub(crate) event: String,
}

/// What was measured of a program. Times are in milliseconds, sizes in bytes.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) memory_mb: u32,
    pub(crate) fixture: String,
    pub(crate) status: u64,
    pub(crate) size: Size,
    /// From the start of the process to its first question for an event, configured for the real DynamoDB.
    pub(crate) init: Summary,
    /// The same, as processor time.
    pub(crate) init_processor: Summary,
    /// By the latency of DynamoDB in milliseconds.
    pub(crate) at_latency: BTreeMap<u64, AtLatency>,
    /// The most memory it had while all of that went on.
    pub(crate) peak_memory: u64,
    /// Bytes that a request adds to the log.
    pub(crate) logged: u64,
    /// Requests to DynamoDB.
    pub(crate) operations: Vec<String>,
    pub(crate) read_units: f64,
    pub(crate) write_units: f64,
}

/// What depends on how far away DynamoDB is.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AtLatency {
    /// The first event's answer, with opening the connection.
    pub(crate) first_answer: Summary,
    /// An answer of a warm function.
    pub(crate) answer: Summary,
    /// What of it was not spent waiting for DynamoDB.
    pub(crate) ours: Summary,
    /// What of it was.
    pub(crate) waited: Summary,
    /// Processor time for an answer, on average.
    pub(crate) processor: f64,
}

/// Where the events of a function are.
fn events_of(function: &str) -> PathBuf {
    repository().join("events").join(function)
}

/// What a function is started with: the template's variables, and those of `infra/local.env` for what only a deployment has.
pub(crate) fn environment(definition: &Definition) -> Vec<(String, String)> {
    let mut variables = definition.environment.clone();
    for name in
        ["JWT_SECRET_KEY", "CORS_ORIGINS", "BASE_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    {
        if let Some(value) = local_variable(name) {
            variables.insert(name.to_owned(), value);
        }
    }
    // Lambda sets both.
    if let Some(region) = variables.get("AWS_REGION").cloned() {
        variables.insert("AWS_DEFAULT_REGION".to_owned(), region);
    }
    variables.into_iter().collect()
}

impl Subject {
    fn without_event(definition: &Definition, program: PathBuf) -> Self {
        Self {
            name: definition.binary.clone(),
            program,
            memory_mb: definition.memory_mb,
            environment: environment(definition),
            fixture: String::new(),
            event: String::new(),
        }
    }

    /// A function of the template with one of its events.
    pub(crate) fn with_event(definition: &Definition, program: PathBuf, fixture: &str) -> Result<Self> {
        let path = events_of(&definition.binary).join(format!("{fixture}.json"));
        let event = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { fixture: fixture.to_owned(), event, ..Self::without_event(definition, program) })
    }

    /// A function of the template with its plainest event that succeeds: the one with the shortest name.
    pub(crate) fn of(definition: &Definition, program: PathBuf, store: &mut Store, seeded: &Snapshot) -> Result<Self> {
        let mut subject = Self::without_event(definition, program);
        let function = Function::start(&subject.program, &subject.with_store(store))?;
        let mut candidates = Vec::new();
        for entry in fs::read_dir(events_of(&subject.name))? {
            let entry = entry?;
            let fixture = entry.file_name().to_string_lossy().trim_end_matches(".json").to_owned();
            let event = fs::read_to_string(entry.path())?;
            let status = function.invoke(&event)?.status();
            store.restore(seeded)?;
            candidates.push((status.max(200) / 100, fixture.len(), fixture, event));
        }
        let best = candidates.into_iter().min();
        (_, _, subject.fixture, subject.event) = best.ok_or_else(|| format!("events/{} is empty", subject.name))?;
        Ok(subject)
    }

    /// Another program, in this one's place.
    pub(crate) fn replaced_by(&self, name: &str, program: PathBuf) -> Self {
        Self { name: name.to_owned(), program, ..self.clone() }
    }

    /// With another value of an environment variable.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With the embedded store for DynamoDB.
    pub(crate) fn with_store(&self, store: &Store) -> Vec<(String, String)> {
        let mut environment = self.environment.clone();
        environment.push(("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), store.endpoint()));
        environment
    }

    /// With the real DynamoDB, in a Region that does not exist so that nobody is bothered.
    pub(crate) fn with_tls(&self) -> Vec<(String, String)> {
        let mut environment = self.environment.clone();
        let variables =
            [("AWS_REGION", "benchmark"), ("AWS_ENDPOINT_URL_DYNAMODB", "https://dynamodb.benchmark.amazonaws.com")];
        environment.extend(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
        environment
    }
}

/// Measures programs side by side: whatever disturbs the machine for a while disturbs all of them.
pub(crate) fn measure(
    subjects: &[Subject],
    store: &mut Store,
    seeded: &Snapshot,
    latencies: &[u64],
    effort: Effort,
) -> Result<Vec<Measured>> {
    let mut starts: BTreeMap<&str, Starts> = BTreeMap::new();
    // In passes of their own, so that what a start finds in the processor's caches was left there by another start.
    for _ in 0..effort.starts {
        for subject in subjects {
            let starts = starts.entry(&subject.name).or_default();
            let function = Function::start(&subject.program, &subject.with_tls())?;
            starts.init.push(milliseconds(function.init));
            starts.processor.push(milliseconds(function.processor_time()?));
        }
    }
    for _ in 0..effort.first_answers {
        for subject in subjects {
            let starts = starts.entry(&subject.name).or_default();
            for latency in latencies {
                store.set_latency(Duration::from_millis(*latency));
                let function = Function::start(&subject.program, &subject.with_store(store))?;
                let answer = function.invoke(&subject.event)?;
                starts.first.entry(*latency).or_default().push(milliseconds(answer.duration()));
                restore_if_written(store, seeded)?;
            }
        }
    }
    let mut measured = Vec::new();
    for subject in subjects {
        eprintln!("{}: {}", subject.name, subject.fixture);
        measured.push(measure_warm(
            subject,
            starts.remove(subject.name.as_str()).unwrap_or_default(),
            store,
            seeded,
            latencies,
            effort,
        )?);
    }
    Ok(measured)
}

#[derive(Default)]
struct Starts {
    init: Vec<f64>,
    processor: Vec<f64>,
    first: BTreeMap<u64, Vec<f64>>,
}

fn measure_warm(
    subject: &Subject,
    mut starts: Starts,
    store: &mut Store,
    seeded: &Snapshot,
    latencies: &[u64],
    effort: Effort,
) -> Result<Measured> {
    let function = Function::start(&subject.program, &subject.with_store(store))?;
    store.set_latency(Duration::from_millis(1));
    let logged = function.logged();
    store.ask_for_capacity(true);
    let answer = function.invoke(&subject.event)?;
    store.ask_for_capacity(false);
    let calls = store.calls();
    store.restore(seeded)?;
    let (read_units, write_units) = calls.units();
    let logged = function.logged() - logged;

    let mut at_latency = BTreeMap::new();
    for latency in latencies {
        store.set_latency(Duration::from_millis(*latency));
        let (mut all, mut ours, mut waited, mut processor) = (Vec::new(), Vec::new(), Vec::new(), Duration::ZERO);
        for round in 0..effort.warm_up + effort.answers {
            let before = function.processor_time()?;
            let answer = function.invoke(&subject.event)?;
            let spent = function.processor_time()?.saturating_sub(before);
            let calls = store.calls();
            if calls.0.iter().any(super::store::Call::is_write) {
                store.restore(seeded)?;
            }
            if round >= effort.warm_up {
                let busy = calls.busy();
                all.push(answer.duration());
                ours.push(answer.duration().saturating_sub(busy));
                waited.push(busy);
                processor += spent;
            }
        }
        let first_answer = Summary::of(starts.first.remove(latency).unwrap_or_default());
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let processor = milliseconds(processor) / effort.answers as f64;
        let at = AtLatency {
            first_answer,
            answer: Summary::of_durations(all),
            ours: Summary::of_durations(ours),
            waited: Summary::of_durations(waited),
            processor,
        };
        at_latency.insert(*latency, at);
    }
    Ok(Measured {
        name: subject.name.clone(),
        memory_mb: subject.memory_mb,
        fixture: subject.fixture.clone(),
        status: answer.status(),
        size: Size::of(&subject.program)?,
        init: Summary::of(starts.init),
        init_processor: Summary::of(starts.processor),
        at_latency,
        peak_memory: function.peak_memory()?,
        logged,
        operations: calls.0.iter().map(|call| call.operation.clone()).collect(),
        read_units,
        write_units,
    })
}

/// Brings the store back to what it was, if any of the calls of the last answer changed it, and says how many calls there were.
pub(crate) fn restore_if_written(store: &mut Store, seeded: &Snapshot) -> Result<usize> {
    let calls = store.calls().0;
    if calls.iter().any(super::store::Call::is_write) {
        store.restore(seeded)?;
    }
    Ok(calls.len())
}

/// The functions of a template that requests start, by the name of their binary.
pub(crate) fn definitions(template: &Template) -> Vec<&Definition> {
    let mut definitions: Vec<_> = template.functions.values().filter(|function| !function.routes.is_empty()).collect();
    definitions.sort_by(|left, right| left.binary.cmp(&right.binary));
    definitions
}

/// Replaces a value in an event's JSON text.
pub(crate) fn with_value(event: &str, pointer: &str, value: Value) -> Result<String> {
    let mut event: Value = serde_json::from_str(event)?;
    let place = event.pointer_mut(pointer).ok_or_else(|| format!("the event has no {pointer}"))?;
    *place = value;
    Ok(event.to_string())
}
