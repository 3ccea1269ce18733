//! `cargo benchmark`: what the functions cost to start and to run.
//!
//! It builds the functions as for a deployment, runs each in a process of its own, and is itself the Lambda Runtime API that they
//! ask for events, and the way to the embedded DynamoDB that they keep their data in. Beside them run an empty function, and
//! `tasks-get` built without any of the care that was taken, so that every figure is a ratio that holds on any machine. Programs in
//! other languages can run beside them too.

mod beside;
mod budgets;
mod cost;
mod emulator;
mod function;
mod growth;
mod hashing;
mod http;
mod measure;
mod plots;
mod programs;
mod report;
mod statistics;
mod store;

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use infra::{
    demo,
    stack::{local_variable, template_path},
    template::{Function, Template},
};
use serde::Serialize;
use shared::App;

use crate::{
    beside::{Beside, Job},
    emulator::FirstEvent,
    growth::Growth,
    hashing::Hashing,
    measure::{Effort, Measured, Subject, definitions, measure},
    programs::{Builder, target},
    store::Store,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How far away DynamoDB is, in milliseconds: as near as can be, and as it is in the same Region.
const LATENCIES: [u64; 2] = [0, 3];

/// Where the published pictures are, from the directory of this benchmark.
const PLOTS: &str = "plots";

/// Measures what the functions cost to start and to run.
#[derive(Debug, Parser)]
#[command(name = "cargo benchmark")]
struct Arguments {
    /// Measure only these functions, and what they are held against.
    functions: Vec<String>,
    /// Measure a few times instead of a few hundred: to see that it works.
    #[arg(long)]
    quick: bool,
    /// Leave out how things grow with the number of tasks and users.
    #[arg(long)]
    no_growth: bool,
    /// Measure what was built before.
    #[arg(long)]
    no_build: bool,
    /// Confirm the starts with this Runtime Interface Emulator: `samcli/local/rapid/aws-lambda-rie-x86_64` of aws-sam-cli.
    #[arg(long)]
    emulator: Option<PathBuf>,
    /// Run another program that speaks the Runtime API beside ours, for each of these events of `events/`: the executable that Lambda
    /// calls bootstrap, which gets the environment of our functions and no arguments, in the directory that is its package.
    #[arg(long, value_name = "NAME=PROGRAM,FUNCTION/EVENT[,…]")]
    beside: Vec<Beside>,
    /// Before that, run this program, which finds DynamoDB at AWS_ENDPOINT_URL_DYNAMODB and puts there what those need.
    #[arg(long, value_name = "PROGRAM")]
    prepare: Vec<PathBuf>,
    /// Put tables and plots into infra/benchmark/README.md, and four figures into README.md.
    #[arg(long)]
    publish: bool,
    /// What `cargo bench` passes to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    /// The functions to measure: those that were asked for, and the one that has a naive counterpart.
    fn definitions<'a>(&self, template: &'a Template) -> Vec<&'a Function> {
        let mut definitions = definitions(template);
        definitions.retain(|definition| {
            let name = &definition.binary;
            self.functions.is_empty() || self.functions.contains(name) || name == "tasks-get"
        });
        definitions
    }
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Results {
    /// The functions.
    pub(crate) functions: Vec<Measured>,
    /// The least that a function can be.
    pub(crate) empty: Measured,
    /// `tasks-get` without care.
    pub(crate) naive: Measured,
    /// Password hashing beside the reference implementation, where that can be installed.
    pub(crate) hashing: Option<Hashing>,
    /// First events under the Runtime Interface Emulator, where there is one.
    pub(crate) emulated: Vec<FirstEvent>,
    /// How things grow.
    pub(crate) growth: Option<Growth>,
    /// Other programs, for the same events.
    pub(crate) beside: Vec<Job>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "standard output is what this is for")]
fn run(arguments: &Arguments) -> Result<()> {
    let template = Template::read(&template_path())?;
    let definitions = arguments.definitions(&template);
    let builder = Builder::detect();
    if !arguments.no_build {
        builder.build(&definitions.iter().map(|definition| definition.binary.as_str()).collect::<Vec<_>>())?;
    }
    let effort = if arguments.quick {
        Effort { starts: 5, first_answers: 5, warm_up: 5, answers: 20 }
    } else {
        Effort { starts: 100, first_answers: 30, warm_up: 50, answers: 300 }
    };
    let seeded_store = || -> Result<Store> {
        let store = Store::start(&template)?;
        seed(&store)?;
        Ok(store)
    };
    let mut store = seeded_store()?;
    let seeded = store.snapshot()?;

    let mut subjects = Vec::new();
    for definition in definitions {
        subjects.push(Subject::of(definition, builder.program(&definition.binary), &mut store, &seeded)?);
    }
    let tasks_get = subjects.iter().find(|subject| subject.name == "tasks-get").ok_or("there is no tasks-get")?;
    let empty = tasks_get.replaced_by("empty", builder.program("empty"));
    let naive = tasks_get.replaced_by("naive-tasks-get", builder.program("naive-tasks-get"));
    subjects.extend([empty, naive]);

    let mut measured = measure(&subjects, &mut store, &seeded, &LATENCIES, effort)?;
    let naive = measured.pop().ok_or("nothing was measured")?;
    let empty = measured.pop().ok_or("nothing was measured")?;
    let hashing = Hashing::measure(&builder.program("hash"));
    if let Err(error) = &hashing {
        eprintln!("Password hashing is not held against the reference implementation: {error}");
    }
    let emulated = match &arguments.emulator {
        Some(program) => emulator::measure(program, &subjects, &store, effort.first_answers)?,
        None => Vec::new(),
    };
    let growth = if arguments.no_growth { None } else { Some(Growth::measure(&subjects, &seeded_store, effort)?) };
    let beside = {
        // A start of what is interpreted takes a hundred times as long as one of ours.
        let effort =
            Effort { starts: effort.starts.div_ceil(5), first_answers: effort.first_answers.div_ceil(3), ..effort };
        let latency = LATENCIES.into_iter().max().unwrap_or_default();
        let programs = (&template, builder);
        beside::measure(&arguments.beside, &arguments.prepare, programs, seeded_store()?, latency, effort)?
    };
    let results = Results { functions: measured, empty, naive, hashing: hashing.ok(), emulated, growth, beside };

    let report = report::Report::of(&results)?;
    println!("{}", report.text());
    let directory = target().join("benchmark");
    fs::create_dir_all(&directory)?;
    fs::write(directory.join("results.json"), serde_json::to_string_pretty(&results)?)?;
    fs::write(directory.join("report.md"), report.text())?;
    plots::draw(&results, &directory)?;
    if arguments.publish {
        plots::draw(&results, &programs::repository().join(report::DIRECTORY).join(PLOTS))?;
        report.publish()?;
    }
    println!("Written to {}", directory.display());
    Ok(())
}

/// Makes the demo account, which the events are of.
fn seed(store: &Store) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let endpoint = store.endpoint();
        let app = App::from_variables(|name| match name {
            "AWS_ENDPOINT_URL_DYNAMODB" => Some(endpoint.clone()),
            name => local_variable(name),
        })
        .await?;
        demo::seed(&app).await?;
        Ok(())
    })
}
