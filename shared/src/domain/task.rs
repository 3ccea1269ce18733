use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Description, DueDate, Invalid, TaskId, Timestamp, Title, UserId};

/// How much a task matters. The order is that of the variants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Can wait.
    Low,
    /// The default.
    #[default]
    Medium,
    /// First.
    High,
}

impl Priority {
    /// Parses `low`, `medium` or `high`.
    ///
    /// # Errors
    /// A sentence for the sender that lists the values.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "low" => Ok(Self::Low),
            "medium" => Ok(Self::Medium),
            "high" => Ok(Self::High),
            _ => Err("The priority must be low, medium or high.".into()),
        }
    }

    /// `low`, `medium` or `high`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A task as clients see it. Those of a list have their texts where the store's answer has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Task<'a> {
    /// The task's id.
    pub id: TaskId,
    /// Whose task it is.
    pub user_id: UserId,
    /// What is to be done.
    pub title: Cow<'a, str>,
    /// More about it.
    #[schema(required)]
    pub description: Option<Cow<'a, str>>,
    /// Whether it is done.
    pub completed: bool,
    /// How much it matters.
    pub priority: Priority,
    /// When it is due: a date or a date-time in UTC.
    #[schema(required, value_type = Option<DueDate>)]
    pub due_date: Option<Cow<'a, str>>,
    /// When it was made.
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(serialize_with = "Timestamp::serialize_rfc3339")]
    pub updated_at: Timestamp,
    /// How often it was written: what its `ETag` says.
    #[serde(skip)]
    pub version: u64,
}

impl Task<'_> {
    /// The most bytes that this task has in a list of JSON.
    pub(super) fn max_json_bytes(&self) -> usize {
        let escaped = |byte: u8| match byte {
            0..0x20 => 6,
            b'"' | b'\\' => 2,
            _ => 1,
        };
        let bytes = |text: &str| text.bytes().map(escaped).sum::<usize>();
        // The names of all members, and the values that have one length.
        let others = 320;
        others + bytes(&self.title) + self.description.as_deref().map_or(0, bytes)
    }
}

/// A task to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewTask {
    /// What is to be done.
    pub title: Title,
    /// More about it.
    pub description: Option<Description>,
    /// How much it matters.
    pub priority: Priority,
    /// When it is due.
    pub due_date: Option<DueDate>,
}

/// What is to change in a task. `None` leaves a field alone; `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TaskChange {
    /// A new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// A new description, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Option<Description>>,
    /// Done or not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    /// A new priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// A new due date, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Option<DueDate>>,
}

impl TaskChange {
    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is to be done to a task that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskWrite {
    /// Fields are to change.
    Update(TaskChange),
    /// `completed` is to be flipped.
    Flip,
    /// The task is to be deleted.
    Delete,
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteResult {
    /// The task as it is after the write, or was before it was deleted.
    pub task: Task<'static>,
    /// Whether this is the first answer again, to a request that was carried out before.
    pub is_replay: bool,
}
