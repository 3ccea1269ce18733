//! One task, changed by all clients of a group.

use std::sync::Arc;

use reqwest::Method;
use serde_json::json;
use stateright::semantics::SequentialSpec;

use crate::{
    GROUP,
    api::{Answer, Api, Outcome},
    history::History,
    user::{User, unique},
};

/// How many operations each client asks for.
const OPERATIONS: usize = 4;

/// A task as one client after the other would see it; `None` once it is deleted.
#[derive(Debug, Clone)]
struct Task(Option<Seen>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    title: String,
    completed: bool,
    version: u64,
}

#[derive(Debug, Clone)]
enum Operation {
    Get,
    Flip,
    Rename(String),
    /// The same, if the task is of this version.
    RenameIf(String, u64),
    Delete,
}

/// An operation, and whether its request has a key.
type Keyed = (Operation, bool);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Task(Seen),
    /// That of a change without a key whose answer was lost: it was done, and the task is told as it was found then, which others may
    /// have changed since.
    Changed,
    /// That of a deletion without a key: the task is gone, and it is not known by whose deletion if an answer was lost.
    Gone,
    PreconditionFailed,
    NotFound,
}

impl SequentialSpec for Task {
    type Op = Keyed;
    type Ret = Told;

    fn invoke(&mut self, (operation, is_keyed): &Keyed) -> Told {
        self.apply(operation).without_key(operation, *is_keyed)
    }
}

impl Task {
    fn apply(&mut self, operation: &Operation) -> Told {
        let Some(task) = &mut self.0 else { return Told::NotFound };
        match operation {
            Operation::RenameIf(_, version) if task.version != *version => return Told::PreconditionFailed,
            Operation::Delete => return Told::Task(self.0.take().unwrap()),
            Operation::Get => return Told::Task(task.clone()),
            Operation::Flip => task.completed = !task.completed,
            Operation::Rename(title) | Operation::RenameIf(title, _) => task.title.clone_from(title),
        }
        task.version += 1;
        Told::Task(task.clone())
    }
}

impl Told {
    /// As much of it as is sure without a key.
    fn without_key(self, operation: &Operation, is_keyed: bool) -> Self {
        match (operation, &self) {
            _ if is_keyed => self,
            (Operation::Flip | Operation::Rename(_) | Operation::RenameIf(..), Self::Task(_)) => Self::Changed,
            (Operation::Delete, Self::Task(_) | Self::NotFound) => Self::Gone,
            _ => self,
        }
    }
}

/// Makes a task, lets all clients at it, and judges what they were told.
pub async fn round(api: &Arc<Api>, user: &Arc<User>, random: &mut fastrand::Rng) -> usize {
    let title = user.title();
    let body = json!({"title": title, "description": title});
    let create = user.tasks(Method::POST).key(&unique()).json(body);
    let Outcome::Answered(created) = api.send(&create).await else {
        user.may_be_gone(&title);
        return 0;
    };
    assert_eq!(created.status, 201, "{created:?}");
    let id = user.own(&created.body);
    user.made(&title, id);

    let beginning = Seen { title: title.clone(), completed: false, version: created.version };
    let history = History::new(Task(Some(beginning)));
    let may_delete = random.u8(0..3) == 0;
    if may_delete {
        user.may_be_gone(&title);
    }
    let clients = (0..GROUP).map(|_| {
        let (api, user, history, random) = (Arc::clone(api), Arc::clone(user), Arc::clone(&history), random.fork());
        tokio::spawn(client(api, user, id, history, random, may_delete))
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    ask(api, user, id, &history, Operation::Get, false).await;
    history.judge().await
}

async fn client(
    api: Arc<Api>,
    user: Arc<User>,
    id: u64,
    history: Arc<History<Task>>,
    mut random: fastrand::Rng,
    may_delete: bool,
) {
    let mut version = 1;
    for number in 0..OPERATIONS {
        let operation = match random.u8(0..8) {
            0 => Operation::Get,
            1..=3 => Operation::Flip,
            4 | 5 => Operation::Rename(format!("{} {}", user.id, random.u32(..))),
            _ if may_delete && number + 1 == OPERATIONS => Operation::Delete,
            _ => Operation::RenameIf(format!("{} {}", user.id, random.u32(..)), version),
        };
        let told = ask(&api, &user, id, &history, operation, random.bool()).await;
        if let Some(Told::Task(seen)) = told {
            version = seen.version;
        }
    }
}

async fn ask(
    api: &Api,
    user: &User,
    id: u64,
    history: &History<Task>,
    operation: Operation,
    is_keyed: bool,
) -> Option<Told> {
    let ask = match &operation {
        Operation::Get => user.task(Method::GET, id, ""),
        Operation::Flip => user.task(Method::PATCH, id, "/complete"),
        Operation::Rename(title) => user.task(Method::PUT, id, "").json(json!({"title": title})),
        Operation::RenameIf(title, version) => {
            let rename = user.task(Method::PUT, id, "").json(json!({"title": title}));
            rename.header("if-match", format!("\"{version}\""))
        }
        Operation::Delete => user.task(Method::DELETE, id, ""),
    };
    let ask = if is_keyed { ask.key(&unique()) } else { ask };
    let asked = operation.clone();
    let read = move |answer| told(user, &answer).without_key(&asked, is_keyed);
    history.ask(api, &ask, (operation, is_keyed), read).await
}

fn told(user: &User, answer: &Answer) -> Told {
    match answer.status {
        200 => {
            user.own(&answer.body);
            let title = answer.body["title"].as_str().unwrap().to_owned();
            let completed = answer.body["completed"].as_bool().unwrap();
            Told::Task(Seen { title, completed, version: answer.version })
        }
        412 => Told::PreconditionFailed,
        404 => Told::NotFound,
        _ => panic!("{answer:?}"),
    }
}
