use std::borrow::Cow;

use serde::Deserialize;

use crate::{
    Error,
    domain::{Priority, Task, TaskId, TaskPage, TaskQuery, Timestamp, UserId},
    dynamodb::{
        QueryAnswer,
        attribute::{name, number, some_text, text},
    },
};

/// What is read of each row, as a projection: whose it is, is known, and who wrote it does not matter.
pub(super) const ATTRIBUTES: &str = "task_id, title, description, completed, priority, due_date, updated_at, version";

/// Tasks as the store has answered with them. A [page](ListedTasks::page) of them has its texts in here.
#[derive(Debug)]
pub struct ListedTasks {
    user_id: UserId,
    answer: QueryAnswer,
}

impl ListedTasks {
    pub(super) fn new(user_id: UserId, answer: QueryAnswer) -> Self {
        Self { user_id, answer }
    }

    /// The page that was asked for.
    ///
    /// # Errors
    /// [`Error::Internal`] if a row is of a form that none has.
    pub fn page(&self, query: &TaskQuery) -> Result<TaskPage<'_>, Error> {
        let (rows, end) = self.answer.read::<Row<'_>, Key>()?;
        let tasks = rows.into_iter().map(|row| row.task(self.user_id)).collect();
        Ok(query.page(tasks, end.map(|key| key.task_id)))
    }
}

#[derive(Deserialize)]
struct Key {
    #[serde(deserialize_with = "number")]
    task_id: TaskId,
}

/// A [row](super::Row) in an answer.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(deserialize_with = "number")]
    task_id: TaskId,
    #[serde(borrow, deserialize_with = "text")]
    title: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "some_text")]
    description: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "number")]
    completed: u8,
    #[serde(deserialize_with = "name")]
    priority: Priority,
    #[serde(borrow, default, deserialize_with = "some_text")]
    due_date: Option<Cow<'a, str>>,
    #[serde(deserialize_with = "number")]
    updated_at: Timestamp,
    #[serde(deserialize_with = "number")]
    version: u64,
}

impl<'a> Row<'a> {
    fn task(self, user_id: UserId) -> Task<'a> {
        Task {
            id: self.task_id,
            user_id,
            title: self.title,
            description: self.description,
            completed: self.completed != 0,
            priority: self.priority,
            due_date: self.due_date,
            created_at: self.task_id.created_at(),
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use aws_sdk_dynamodb::types::AttributeValue;
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::dynamodb::{Item, from_item};

    const OWNER: UserId = UserId(Uuid::from_u128(1));

    /// A row as a list of its attributes: whether it is a number, its name and its value.
    type Attributes = Vec<(bool, &'static str, String)>;

    fn attributes() -> impl Strategy<Value = Attributes> {
        let texts = (any::<String>(), any::<Option<String>>(), any::<Option<String>>(), "low|medium|high");
        let numbers = (0..=TaskId::MAX, 0..2_u8, any::<i64>(), any::<u64>());
        (texts, numbers).prop_map(|((title, description, due_date, priority), (id, completed, updated_at, version))| {
            let mut attributes = vec![
                (false, "user_id", OWNER.to_string()),
                (true, "task_id", id.to_string()),
                (false, "title", title),
                (true, "completed", completed.to_string()),
                (false, "priority", priority),
                (true, "updated_at", updated_at.to_string()),
                (true, "version", version.to_string()),
            ];
            attributes.extend(description.map(|text| (false, "description", text)));
            attributes.extend(due_date.map(|text| (false, "due_date", text)));
            attributes
        })
    }

    /// JSON with everything escaped that can be.
    fn escaped(text: &str) -> String {
        let mut json = String::new();
        for unit in text.encode_utf16() {
            write!(json, "\\u{unit:04x}").unwrap();
        }
        format!("\"{json}\"")
    }

    fn answer(rows: &[Attributes], quoted: fn(&str) -> String) -> QueryAnswer {
        let attribute = |(is_number, name, value): &(bool, &'static str, String)| {
            format!("{}:{{\"{}\":{}}}", quoted(name), if *is_number { "N" } else { "S" }, quoted(value))
        };
        let items = rows.iter().map(|row| format!("{{{}}}", row.iter().map(attribute).collect::<Vec<_>>().join(",")));
        QueryAnswer::of(format!("{{\"Items\": [{}], \"Count\": 1}}", items.collect::<Vec<_>>().join(", ")))
    }

    fn item(row: &Attributes) -> Item {
        let value =
            |is_number, value: &String| if is_number { AttributeValue::N } else { AttributeValue::S }(value.clone());
        row.iter().map(|(is_number, name, text)| ((*name).to_owned(), value(*is_number, text))).collect()
    }

    proptest! {
        /// Whatever is escaped in DynamoDB's JSON.
        #[test]
        fn a_page_reads_as_its_tasks_do_one_by_one(rows in prop::collection::vec(attributes(), 0..4)) {
            let tasks: Vec<Task<'_>> = rows.iter().map(|row| from_item::<super::super::Row>(item(row)).unwrap().into()).collect();
            let query = TaskQuery { limit: TaskQuery::MAX_LIMIT, ..TaskQuery::default() };
            for quoted in [|text: &str| json!(text).to_string(), escaped] {
                let listed = ListedTasks::new(OWNER, answer(&rows, quoted));
                let page = listed.page(&query).unwrap();
                prop_assert_eq!(serde_json::to_string(&page.tasks).unwrap(), serde_json::to_string(&tasks).unwrap());
                prop_assert_eq!(&page.tasks, &tasks);
            }
        }
    }

    #[test]
    fn the_projection_names_what_is_read() {
        let whole: Attributes = ATTRIBUTES
            .split(", ")
            .map(|name| {
                let is_number = !matches!(name, "title" | "description" | "priority" | "due_date");
                (is_number, name, if name == "priority" { "low" } else { "1" }.to_owned())
            })
            .collect();
        let read = |row: Attributes| {
            let listed = ListedTasks::new(OWNER, answer(&[row], escaped));
            listed.page(&TaskQuery { limit: 1, ..TaskQuery::default() }).map(|page| page.tasks.len())
        };
        assert_eq!(read(whole.clone()).unwrap(), 1);
        for left_out in 0..whole.len() {
            let mut row = whole.clone();
            let (_, name, _) = row.remove(left_out);
            assert_eq!(read(row).is_ok(), matches!(name, "description" | "due_date"), "{name}");
        }
    }
}
