//! How answers slow down as a user has more tasks, longer ones, and as there are more users.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Result,
    function::Function,
    measure::{Effort, Subject, with_value},
    statistics::Summary,
    store::Store,
};

/// Answers of one kind, by the number of tasks or users.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) points: Vec<(u32, Summary)>,
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

const TASKS: [u32; 3] = [10, 1_000, 100_000];
const USERS: [u32; 2] = [10, 100_000];
const DESCRIPTIONS: [u32; 4] = [0, 100, 1_000, 5_000];

impl Growth {
    /// Fills the store step by step. Nothing is taken out again.
    pub(crate) fn measure(subjects: &[Subject], store: &mut Store, effort: Effort) -> Result<Self> {
        store.set_latency(Duration::ZERO);
        let find = |name: &str| {
            let found = subjects.iter().find(|subject| subject.name == name).cloned();
            found.ok_or_else(|| format!("growth needs {name}; leave it out with --no-growth"))
        };
        let (list, create) = (find("tasks-list")?, find("tasks-create")?);
        let (complete, login) = (find("tasks-complete")?, find("auth-login")?);
        let lines = [
            ("list, a page of 1,000", list.clone(), list.event.clone()),
            ("list, a page of 50", list.clone(), with_value(&list.event, "/rawQueryString", json!("limit=50"))?),
            ("create", create.clone(), create.event.clone()),
            ("complete", complete.clone(), complete.event.clone()),
        ];

        let task = first_item(store, "Tasks")?;
        let (user, credential) = (first_item(store, "Users")?, first_item(store, "Credentials")?);
        let mut by_tasks = start(&lines.each_ref().map(|(what, _, _)| *what));
        let mut there = 1;
        for count in TASKS {
            store.fill("Tasks", (there..count).map(|number| numbered_task(&task, number, 0)))?;
            there = count;
            for ((_, subject, event), line) in lines.iter().zip(&mut by_tasks) {
                line.points.push((count, answers(subject, event, store, effort)?));
            }
        }

        let mut by_users = start(&["login"]);
        let mut there = 1;
        for count in USERS {
            store.fill("Users", (there..count).map(|number| with(&user, "user_id", user_id(number))))?;
            let email = |number: u32| with(&credential, "email", format!("user-{number}@example.com"));
            store.fill("Credentials", (there..count).map(email))?;
            there = count;
            for line in &mut by_users {
                let effort = Effort { answers: effort.answers / 3, ..effort };
                line.points.push((count, answers(&login, &login.event, store, effort)?));
            }
        }

        let mut by_description = start(&["list, a page of 1,000"]);
        for characters in DESCRIPTIONS {
            // The newest come first, so these replace what a page shows.
            let newest = TASKS.into_iter().max().unwrap_or_default();
            store.fill("Tasks", (0..1_000).map(|number| numbered_task(&task, newest + number, characters)))?;
            for line in &mut by_description {
                line.points.push((characters, answers(&list, &list.event, store, effort)?));
            }
        }
        Ok(Self { by_tasks, by_users, by_description })
    }
}

fn start(names: &[&str]) -> Vec<Line> {
    names.iter().map(|what| Line { what: (*what).to_owned(), points: Vec::new() }).collect()
}

fn answers(subject: &Subject, event: &str, store: &Store, effort: Effort) -> Result<Summary> {
    let function = Function::start(&subject.program, &subject.with_store(store))?;
    let mut durations = Vec::new();
    for round in 0..effort.warm_up + effort.answers {
        let answer = function.invoke(event)?;
        if answer.status() / 100 != 2 {
            return Err(format!("{} answers {}", subject.name, answer.status()).into());
        }
        if round >= effort.warm_up {
            durations.push(answer.duration());
        }
    }
    store.calls();
    Ok(Summary::of_durations(durations))
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
