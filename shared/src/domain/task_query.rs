use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DueDate, Invalid, Priority, SearchText, Task, TaskId};

/// Which tasks by whether they are done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All of them.
    #[default]
    All,
    /// Those not done.
    Open,
    /// Those done.
    Done,
}

impl Status {
    /// Parses `all`, `open` or `done`.
    ///
    /// # Errors
    /// A sentence for the sender that lists the values.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "all" => Ok(Self::All),
            "open" => Ok(Self::Open),
            "done" => Ok(Self::Done),
            _ => Err("The status must be all, open or done.".into()),
        }
    }
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The time the task was made.
    #[default]
    Created,
    /// The due date; tasks without one come last in either direction.
    Due,
    /// The priority.
    Priority,
}

impl Sort {
    /// Parses `created`, `due` or `priority`.
    ///
    /// # Errors
    /// A sentence for the sender that lists the values.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "created" => Ok(Self::Created),
            "due" => Ok(Self::Due),
            "priority" => Ok(Self::Priority),
            _ => Err("The sort must be created, due or priority.".into()),
        }
    }
}

/// The direction of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The smallest first.
    Asc,
    /// The greatest first.
    #[default]
    Desc,
}

impl Direction {
    /// Parses `asc` or `desc`.
    ///
    /// # Errors
    /// A sentence for the sender that lists the values.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "asc" => Ok(Self::Asc),
            "desc" => Ok(Self::Desc),
            _ => Err("The order must be asc or desc.".into()),
        }
    }

    fn apply(self, ordering: Ordering) -> Ordering {
        match self {
            Self::Asc => ordering,
            Self::Desc => ordering.reverse(),
        }
    }
}

/// Which of a user's tasks, in which order, and where to go on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TaskQuery {
    /// Done, not done, or both.
    pub status: Status,
    /// Only this priority.
    pub priority: Option<Priority>,
    /// Only tasks due before this moment.
    pub due_before: Option<DueDate>,
    /// Only tasks due after this moment.
    pub due_after: Option<DueDate>,
    /// Only tasks with this text in title or description.
    pub text: Option<SearchText>,
    /// What to sort by.
    pub sort: Sort,
    /// In which direction.
    pub order: Direction,
    /// The most tasks to answer with, 1 to 1,000. A cursor may be used with another limit.
    #[serde(skip)]
    pub limit: usize,
    /// Where the page before this one ended.
    #[serde(skip)]
    pub position: Position,
}

/// Where a list goes on.
///
/// Tasks are stored by the time they were made, and one request reads at most 1 MB of them: a window. Sorted by
/// anything else, a window is sorted in memory and answered in pages, then the next window follows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The last task, in stored order, before the window.
    pub window: Option<TaskId>,
    /// Within the window, the sort key of the last task answered.
    pub after: Option<SortKey>,
}

/// What a task is compared by: its due date or the rank of its priority, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    value: Option<String>,
    id: TaskId,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPage<'a> {
    /// The tasks, sorted.
    pub tasks: Vec<Task<'a>>,
    /// Where the next page starts, if there may be one.
    pub next: Option<Position>,
}

impl TaskQuery {
    /// The most tasks one page may have.
    pub const MAX_LIMIT: usize = 1000;
    /// The most bytes of JSON that the tasks of one page have. Only what JSON escapes makes a page reach them: it is read as at
    /// most 1 MB. Lambda passes 6,291,556 bytes, in which the JSON of the page is escaped again.
    pub const MAX_BYTES: usize = 4_000_000;

    /// Whether a window has to be read whole: its tasks are filtered or sorted after they are read.
    pub fn needs_whole_window(&self) -> bool {
        self.sort != Sort::Created
            || self.status != Status::All
            || self.priority.is_some()
            || self.due_before.is_some()
            || self.due_after.is_some()
            || self.text.is_some()
    }

    /// Makes a page of a window: `tasks` as they are stored in the query's direction, already filtered by everything but
    /// the text, and `window_end`, the last task read if there are more behind it.
    pub fn page<'a>(&self, mut tasks: Vec<Task<'a>>, window_end: Option<TaskId>) -> TaskPage<'a> {
        if let Some(text) = &self.text {
            let is_in_description = |task: &Task<'_>| task.description.as_deref().is_some_and(|it| text.is_in(it));
            tasks.retain(|task| text.is_in(&task.title) || is_in_description(task));
        }
        if self.sort != Sort::Created {
            let mut keyed: Vec<_> = tasks.into_iter().map(|task| (self.key(&task), task)).collect();
            keyed.sort_by(|(a, _), (b, _)| self.compare(a, b));
            if let Some(after) = &self.position.after {
                keyed.retain(|(key, _)| self.compare(key, after) == Ordering::Greater);
            }
            tasks = keyed.into_iter().map(|(_, task)| task).collect();
        }
        let room = self.room(&tasks);
        let more_in_window = tasks.len() > room;
        tasks.truncate(room);
        let next = match tasks.last() {
            Some(last) if more_in_window && self.sort == Sort::Created => {
                Some(Position { window: Some(last.id), after: None })
            }
            Some(last) if more_in_window => {
                Some(Position { window: self.position.window, after: Some(self.key(last)) })
            }
            _ => window_end.map(|end| Position { window: Some(end), after: None }),
        };
        TaskPage { tasks, next }
    }

    /// How many of the tasks fit into one answer: one at least, so that every page is a step.
    fn room(&self, tasks: &[Task<'_>]) -> usize {
        let mut bytes: usize = 0;
        let fits = |task: &&Task<'_>| {
            bytes = bytes.saturating_add(task.max_json_bytes());
            bytes <= Self::MAX_BYTES
        };
        tasks.iter().take(self.limit).take_while(fits).count().max(1)
    }

    fn key(&self, task: &Task<'_>) -> SortKey {
        let value = match self.sort {
            Sort::Created => None,
            Sort::Due => task.due_date.as_deref().map(str::to_owned),
            Sort::Priority => Some((task.priority as u8).to_string()),
        };
        SortKey { value, id: task.id }
    }

    fn compare(&self, a: &SortKey, b: &SortKey) -> Ordering {
        let by_value = match (&a.value, &b.value) {
            (Some(a), Some(b)) => self.order.apply(a.cmp(b)),
            // Without a due date: last, in either direction.
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (None, None) => Ordering::Equal,
        };
        by_value.then_with(|| self.order.apply(a.id.cmp(&b.id)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{Timestamp, UserId};

    fn task(id: u64, due: Option<&str>, priority: Priority) -> Task<'static> {
        let id = TaskId::parse(&id.to_string()).unwrap();
        Task {
            id,
            user_id: UserId(uuid::Uuid::nil()),
            title: format!("Task {id}").into(),
            description: id.get().is_multiple_of(2).then(|| "Größe".into()),
            completed: false,
            priority,
            due_date: due.map(|due| due.to_owned().into()),
            created_at: id.created_at(),
            updated_at: Timestamp::from_millis(0),
            version: 1,
        }
    }

    fn ids(page: &TaskPage<'_>) -> Vec<u64> {
        page.tasks.iter().map(|task| task.id.get()).collect()
    }

    #[test]
    fn tasks_without_a_due_date_come_last_in_either_direction() {
        let tasks = || {
            vec![
                task(1, None, Priority::Low),
                task(2, Some("2026-01-02"), Priority::Low),
                task(3, Some("2026-01-01"), Priority::Low),
            ]
        };
        let query = |order| TaskQuery { sort: Sort::Due, order, limit: 10, ..Default::default() };
        assert_eq!(ids(&query(Direction::Asc).page(tasks(), None)), [3, 2, 1]);
        assert_eq!(ids(&query(Direction::Desc).page(tasks(), None)), [2, 3, 1]);
    }

    #[test]
    fn text_is_found_whatever_its_case() {
        let text = SearchText::parse("GRÖSSE").unwrap();
        let query = TaskQuery { text: Some(text), limit: 10, ..Default::default() };
        let tasks = vec![task(1, None, Priority::Low), task(2, None, Priority::Low)];
        assert_eq!(ids(&query.page(tasks, None)), [2]);
    }

    #[test]
    fn an_answer_has_at_most_four_megabytes() {
        let long = |id| Task { description: Some("\u{1}".repeat(5000).into()), ..task(id, None, Priority::Low) };
        let tasks: Vec<_> = (1..=200).map(long).collect();
        for sort in [Sort::Created, Sort::Priority] {
            let mut query = TaskQuery { sort, order: Direction::Asc, limit: 1000, ..Default::default() };
            let first = query.page(tasks.clone(), None);
            let bytes = serde_json::to_vec(&first.tasks).unwrap().len();
            assert!((3_900_000..=4_000_000).contains(&bytes), "{bytes}");
            query.position = first.next.clone().unwrap();
            let seen = first.tasks.len();
            // The store goes on behind the last task; what is sorted in memory is read again.
            let read_before = if sort == Sort::Created { seen } else { 0 };
            let second = query.page(tasks.iter().skip(read_before).cloned().collect(), None);
            assert_eq!((ids(&second), second.next), ((1..=200).skip(seen).collect(), None));
        }
    }

    proptest! {
        #[test]
        fn no_task_is_longer_than_is_said(title: String, description: Option<String>) {
            let task = Task { title: title.into(), description: description.map(Into::into), ..task(TaskId::MAX, Some("2026-01-01T00:00:00.000Z"), Priority::Medium) };
            prop_assert!(serde_json::to_vec(&task).unwrap().len() < task.max_json_bytes());
        }

        /// However a window is cut into pages, together they are the whole window in order.
        #[test]
        fn pages_lose_and_repeat_nothing(
            rows in prop::collection::vec((prop::option::of(0_u8..4), 0_u8..3), 0..40),
            limit in 1_usize..8,
            by_due: bool,
            ascending: bool,
        ) {
            let tasks: Vec<_> = rows
                .iter()
                .zip(1..)
                .map(|((due, priority), id)| {
                    let due = due.map(|day| format!("2026-01-0{}", day + 1));
                    let priority = [Priority::Low, Priority::Medium, Priority::High][usize::from(*priority)];
                    task(id, due.as_deref(), priority)
                })
                .collect();
            let mut query = TaskQuery {
                sort: if by_due { Sort::Due } else { Sort::Priority },
                order: if ascending { Direction::Asc } else { Direction::Desc },
                limit: 1000,
                ..Default::default()
            };
            let whole = ids(&query.page(tasks.clone(), None));
            query.limit = limit;
            let mut seen = Vec::new();
            loop {
                let page = query.page(tasks.clone(), None);
                prop_assert!(page.tasks.len() <= limit);
                seen.extend(ids(&page));
                match page.next {
                    Some(next) => query.position = next,
                    None => break,
                }
            }
            prop_assert_eq!(seen, whole);
        }
    }
}
