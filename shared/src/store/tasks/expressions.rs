//! Expressions of `Tasks`: conditions, updates and filters in DynamoDB's language, with their values.

use std::fmt::Write as _;

use aws_sdk_dynamodb::types::AttributeValue;

use super::row::WriteId;
use crate::{
    domain::{Description, DueDate, Preconditions, Status, TaskChange, TaskQuery, Timestamp, Versions},
    dynamodb::{number, string},
};

/// An expression and its values.
pub(super) type Expression = (String, Vec<(String, AttributeValue)>);

/// The condition of a write: the task is there, in a version that the preconditions take, and this write has not made it.
pub(super) fn task_exists_and(preconditions: &Preconditions, write_id: Option<&WriteId>) -> Expression {
    let mut condition = "attribute_exists(task_id)".to_owned();
    let mut values = Vec::new();
    match &preconditions.if_match {
        None | Some(Versions::Any) => {}
        Some(Versions::Of(versions)) => {
            let _ = write!(condition, " AND version IN ({})", list("match", versions, &mut values));
        }
    }
    match &preconditions.if_none_match {
        None => {}
        Some(Versions::Of(versions)) if versions.is_empty() => {}
        Some(Versions::Of(versions)) => {
            let _ = write!(condition, " AND NOT version IN ({})", list("none", versions, &mut values));
        }
        // Every task that exists has a version.
        Some(Versions::Any) => condition.push_str(" AND attribute_not_exists(version)"),
    }
    if let Some(write_id) = write_id {
        condition.push_str(" AND NOT (write_id = :write_id OR write_id_before = :write_id)");
        values.push((":write_id".to_owned(), string(write_id.as_str())));
    }
    (condition, values)
}

/// The names of these versions' values.
fn list(name: &str, versions: &[u64], values: &mut Vec<(String, AttributeValue)>) -> String {
    // No version is 0, so that an empty list is met by none.
    let versions = if versions.is_empty() { &[0] } else { versions };
    let names: Vec<_> = (0..versions.len()).map(|index| format!(":{name}{index}")).collect();
    let list = names.join(", ");
    values.extend(names.into_iter().zip(versions.iter().map(number)));
    list
}

/// An update expression and its values.
pub(super) struct Update {
    set: String,
    remove: Vec<&'static str>,
    pub(super) values: Vec<(String, AttributeValue)>,
}

impl Update {
    /// What changes nothing.
    pub(super) fn none() -> Self {
        Self { set: String::new(), remove: Vec::new(), values: Vec::new() }
    }

    /// What every change does: the next version, when, and by which write. The condition has the value of that.
    pub(super) fn stamped(now: Timestamp) -> Self {
        Self {
            set: "SET version = version + :one, updated_at = :now, \
                  write_id_before = if_not_exists(write_id, :write_id), write_id = :write_id"
                .to_owned(),
            remove: Vec::new(),
            values: vec![(":one".to_owned(), number(1)), (":now".to_owned(), number(now.millis()))],
        }
    }

    pub(super) fn of(change: &TaskChange, now: Timestamp) -> Self {
        let mut update = Self::stamped(now);
        if let Some(title) = &change.title {
            update.set("title", string(title.as_str()));
        }
        if let Some(completed) = change.completed {
            update.set("completed", number(u8::from(completed)));
        }
        if let Some(priority) = change.priority {
            update.set("priority", string(priority.as_str()));
        }
        let description = change.description.as_ref().map(|text| text.as_ref().map(Description::as_str));
        update.set_or_remove("description", description);
        let due_date = change.due_date.as_ref().map(|due| due.as_ref().map(DueDate::as_str));
        update.set_or_remove("due_date", due_date);
        update
    }

    /// The same with `completed` flipped.
    pub(super) fn flipped(now: Timestamp) -> Self {
        let mut update = Self::stamped(now);
        update.set.push_str(", completed = :one - completed");
        update
    }

    fn set(&mut self, attribute: &'static str, value: AttributeValue) {
        let _ = write!(self.set, ", {attribute} = :{attribute}");
        self.values.push((format!(":{attribute}"), value));
    }

    fn set_or_remove(&mut self, attribute: &'static str, value: Option<Option<&str>>) {
        match value {
            None => {}
            Some(None) => self.remove.push(attribute),
            Some(Some(text)) => self.set(attribute, string(text)),
        }
    }

    pub(super) fn expression(&self) -> Option<String> {
        match (self.set.is_empty(), self.remove.is_empty()) {
            (true, _) => None,
            (false, true) => Some(self.set.clone()),
            (false, false) => Some(format!("{} REMOVE {}", self.set, self.remove.join(", "))),
        }
    }
}

/// The filter of a list, as far as DynamoDB can apply it: what it drops is read, but not sent.
pub(super) fn filter(query: &TaskQuery) -> (Option<String>, Vec<(String, AttributeValue)>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    let mut add = |condition: &'static str, name: &str, value: AttributeValue| {
        conditions.push(condition);
        values.push((name.to_owned(), value));
    };
    match query.status {
        Status::All => {}
        Status::Open => add("completed = :completed", ":completed", number(0)),
        Status::Done => add("completed = :completed", ":completed", number(1)),
    }
    if let Some(priority) = query.priority {
        add("priority = :priority", ":priority", string(priority.as_str()));
    }
    if let Some(due) = &query.due_before {
        add("due_date < :due_before", ":due_before", string(due.lower_bound()));
    }
    if let Some(due) = &query.due_after {
        add("due_date > :due_after", ":due_after", string(due.upper_bound()));
    }
    let filter = (!conditions.is_empty()).then(|| conditions.join(" AND "));
    (filter, values)
}
