//! How answers slow down as a user has more tasks, longer ones, and as there are more users.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Result,
    function::Function,
    measure::{Effort, Subject, with_value},
    statistics::{Summary, milliseconds},
    store::Store,
};

/// Answers of one kind, by the number of tasks or users.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) points: Vec<(u32, Summary)>,
    /// Processor time for an answer in milliseconds, on average.
    pub(crate) processor: Vec<(u32, f64)>,
}

/// How things grow.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Growth {
    /// By the number of the user's tasks.
    pub(crate) by_tasks: Vec<Line>,
    /// By the number of users.
    pub(crate) by_users: Vec<Line>,
    /// A page of 1,000 tasks, by the characters of each one's description. From a megabyte on, a page has fewer tasks.
    pub(crate) by_description: Vec<Line>,
}

const TASKS: [u32; 4] = [10, 100, 1_000, 100_000];
const USERS: [u32; 2] = [10, 100_000];
const DESCRIPTIONS: [u32; 4] = [0, 100, 1_000, 5_000];

impl Growth {
    /// Measures every number of tasks or users over a store of its own, in turns: whatever disturbs the machine for a while
    /// disturbs all of them.
    pub(crate) fn measure(subjects: &[Subject], new_store: &dyn Fn() -> Result<Store>, effort: Effort) -> Result<Self> {
        let find = |name: &str| {
            let found = subjects.iter().find(|subject| subject.name == name).cloned();
            found.ok_or_else(|| format!("growth needs {name}; leave it out with --no-growth"))
        };
        let (list, create) = (find("tasks-list")?, find("tasks-create")?);
        let complete = find("tasks-complete")?;
        // One user signs in more often than anybody may: nothing of the store is put back between the answers.
        let login = find("auth-login")?.with_variable("RATE_LIMITS", "false");
        let stores = |counts: &[u32], fill: &dyn Fn(&mut Store, u32) -> Result<()>| {
            let filled = counts.iter().map(|count| {
                let mut store = new_store()?;
                fill(&mut store, *count)?;
                Ok((*count, store))
            });
            filled.collect::<Result<Vec<_>>>()
        };

        let with_tasks = stores(&TASKS, &|store, count| fill_tasks(store, count, 0))?;
        let page_of_50 = with_value(&list.event, "/rawQueryString", json!("limit=50"))?;
        let by_tasks = vec![
            line("list, a page of 1,000", &list, &list.event, &with_tasks, effort)?,
            line("list, a page of 50", &list, &page_of_50, &with_tasks, effort)?,
            line("create", &create, &create.event, &with_tasks, effort)?,
            line("complete", &complete, &complete.event, &with_tasks, effort)?,
        ];

        let with_users = stores(&USERS, &|store, count| {
            let (user, credential) = (first_item(store, "Users")?, first_item(store, "Credentials")?);
            store.fill("Users", (1..count).map(|number| with(&user, "user_id", user_id(number))))?;
            let email = |number: u32| with(&credential, "email", format!("user-{number}@example.com"));
            store.fill("Credentials", (1..count).map(email))
        })?;
        let fewer = Effort { answers: effort.answers / 3, ..effort };
        let by_users = vec![line("login", &login, &login.event, &with_users, fewer)?];

        let with_descriptions = stores(&DESCRIPTIONS, &|store, characters| fill_tasks(store, 1_000, characters))?;
        let by_description = vec![line("list, a page of 1,000", &list, &list.event, &with_descriptions, effort)?];
        Ok(Self { by_tasks, by_users, by_description })
    }
}

/// How long the answers to an event take over each of the stores.
fn line(what: &str, subject: &Subject, event: &str, stores: &[(u32, Store)], effort: Effort) -> Result<Line> {
    let mut functions = Vec::new();
    for (count, store) in stores {
        functions.push((
            *count,
            Function::start(&subject.program, &subject.with_store(store))?,
            Vec::new(),
            Duration::ZERO,
        ));
    }
    for round in 0..effort.warm_up + effort.answers {
        for (_, function, durations, processor) in &mut functions {
            let before = function.processor_time()?;
            let answer = function.invoke(event)?;
            let spent = function.processor_time()?.saturating_sub(before);
            if answer.status() / 100 != 2 {
                return Err(format!("{} answers {}", subject.name, answer.status()).into());
            }
            if round >= effort.warm_up {
                durations.push(answer.duration());
                *processor += spent;
            }
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let average = |processor| milliseconds(processor) / effort.answers as f64;
    let processor = functions.iter().map(|(count, _, _, processor)| (*count, average(*processor))).collect();
    let points = functions.into_iter().map(|(count, _, durations, _)| (count, Summary::of_durations(durations)));
    Ok(Line { what: what.to_owned(), points: points.collect(), processor })
}

/// Gives the demo account that many tasks, the ones after the first with descriptions of that many characters.
pub(crate) fn fill_tasks(store: &mut Store, count: u32, description: u32) -> Result<()> {
    let task = first_item(store, "Tasks")?;
    store.fill("Tasks", (1..count).map(|number| numbered_task(&task, number, description)))
}

fn first_item(store: &mut Store, table: &str) -> Result<Value> {
    let answer = store.call("Scan", &json!({"TableName": table, "Limit": 1}))?;
    Ok(answer.pointer("/Items/0").cloned().ok_or_else(|| format!("the table {table} is empty"))?)
}

fn with(item: &Value, name: &str, value: String) -> Value {
    let mut item = item.clone();
    if let Some(item) = item.as_object_mut() {
        item.insert(name.to_owned(), json!({"S": value}));
    }
    item
}

fn user_id(number: u32) -> String {
    format!("00000000-0000-4000-9000-{number:012}")
}

/// A task like `task`, a second later for each number.
fn numbered_task(task: &Value, number: u32, description: u32) -> Value {
    let first = task.pointer("/task_id/N").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok());
    let id = first.unwrap_or_default() + ((u64::from(number) * 1000) << 12);
    let mut task = with(task, "title", format!("Task {number}"));
    if let Some(task) = task.as_object_mut() {
        task.insert("task_id".to_owned(), json!({"N": id.to_string()}));
        task.remove("description");
        if description > 0 {
            let text = "x".repeat(usize::try_from(description).unwrap_or_default());
            task.insert("description".to_owned(), json!({"S": text}));
        }
    }
    task
}
