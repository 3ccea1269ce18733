use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    domain::{Description, DueDate, NewTask, Priority, Task, TaskChange, TaskId, TaskWrite, Timestamp, UserId},
    random::Random,
};

/// A task as it is stored. When it was made is in its id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::store) struct Row {
    user_id: UserId,
    pub(super) task_id: TaskId,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// 0 or 1: a number can be flipped by an update expression, a boolean cannot.
    completed: u8,
    priority: Priority,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    updated_at: Timestamp,
    pub(super) version: u64,
    /// The last write, and the one before it: whoever has lost the answer to a write finds here that it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    write_id: Option<WriteId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    write_id_before: Option<WriteId>,
}

/// Tells one write from all others: 72 random bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WriteId(String);

impl WriteId {
    pub(super) fn new(random: &Random) -> Result<Self, Error> {
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(random.bytes::<9>()?)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Row {
    pub(super) fn new(user_id: UserId, task_id: TaskId, task: &NewTask, write_id: WriteId) -> Self {
        Self {
            user_id,
            task_id,
            title: task.title.as_str().to_owned(),
            description: task.description.as_ref().map(|text| text.as_str().to_owned()),
            completed: 0,
            priority: task.priority,
            due_date: task.due_date.as_ref().map(|due| due.as_str().to_owned()),
            updated_at: task_id.created_at(),
            version: 1,
            write_id: Some(write_id),
            write_id_before: None,
        }
    }

    /// Whose task it is.
    pub(in crate::store) fn user_id(&self) -> UserId {
        self.user_id
    }

    /// What a write leaves, or for a deletion, what it takes away.
    pub(super) fn after(self, write: &TaskWrite, now: Timestamp, write_id: WriteId) -> Self {
        match write {
            TaskWrite::Delete => self,
            TaskWrite::Update(change) if change.is_empty() => self,
            TaskWrite::Update(change) => self.changed(change).stamped(now, write_id),
            TaskWrite::Flip => {
                let completed = 1_u8.saturating_sub(self.completed);
                Self { completed, ..self }.stamped(now, write_id)
            }
        }
    }

    fn changed(self, change: &TaskChange) -> Self {
        let description = change.description.as_ref();
        let due_date = change.due_date.as_ref();
        Self {
            title: change.title.as_ref().map_or(self.title, |title| title.as_str().to_owned()),
            description: description
                .map_or(self.description, |text| text.as_ref().map(Description::as_str).map(str::to_owned)),
            completed: change.completed.map_or(self.completed, u8::from),
            priority: change.priority.unwrap_or(self.priority),
            due_date: due_date.map_or(self.due_date, |due| due.as_ref().map(DueDate::as_str).map(str::to_owned)),
            ..self
        }
    }

    fn stamped(self, now: Timestamp, write_id: WriteId) -> Self {
        Self {
            updated_at: now,
            version: self.version.saturating_add(1),
            write_id_before: self.write_id,
            write_id: Some(write_id),
            ..self
        }
    }

    /// Whether a write was done, the last or the one before it.
    pub(super) fn has(&self, write_id: &WriteId) -> bool {
        [&self.write_id, &self.write_id_before].into_iter().flatten().any(|done| done == write_id)
    }
}

impl From<Row> for Task<'static> {
    fn from(row: Row) -> Self {
        Self {
            id: row.task_id,
            user_id: row.user_id,
            title: row.title.into(),
            description: row.description.map(Into::into),
            completed: row.completed != 0,
            priority: row.priority,
            due_date: row.due_date.map(Into::into),
            created_at: row.task_id.created_at(),
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}
