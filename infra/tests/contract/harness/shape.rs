//! The shapes of what answers hold.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::time::fits;
use super::{User, is_timestamp, timestamp};

/// 2^53 - 1, the largest integer that JavaScript keeps exact.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

#[track_caller]
pub fn assert_members(object: &Value, members: &[&str]) {
    let named: BTreeSet<&str> =
        object.as_object().unwrap_or_else(|| panic!("{object}")).keys().map(String::as_str).collect();
    assert_eq!(named, members.iter().copied().collect(), "{object}");
}

#[track_caller]
pub fn assert_user(user: &Value) {
    assert_members(user, &["id", "email", "name"]);
    assert!(
        user.as_object().unwrap().values().all(|value| value.as_str().is_some_and(|text| !text.is_empty())),
        "{user}"
    );
}

/// Checks the shape of a Task and what holds between its members.
#[track_caller]
pub fn assert_task(task: &Value, owner: &User) {
    assert_members(
        task,
        &["id", "user_id", "title", "description", "completed", "priority", "due_date", "created_at", "updated_at"],
    );
    let id = task["id"].as_u64().unwrap_or_else(|| panic!("`id` is no positive integer: {task}"));
    assert!((1..=MAX_SAFE_INTEGER).contains(&id), "{task}");
    assert_eq!(task["user_id"], json!(owner.id), "{task}");
    let title = task["title"].as_str().unwrap_or_else(|| panic!("{task}"));
    assert!(!title.is_empty() && title.trim() == title && title.chars().count() <= 200, "{task}");
    assert!(task["description"].is_null() || task["description"].is_string(), "{task}");
    assert!(task["completed"].is_boolean(), "{task}");
    assert!(["low", "medium", "high"].contains(&task["priority"].as_str().unwrap_or_default()), "{task}");
    if !task["due_date"].is_null() {
        let due = task["due_date"].as_str().unwrap_or_else(|| panic!("{task}"));
        assert!(is_timestamp(due) || fits(due, "0000-00-00"), "{task}");
    }
    let created = timestamp(&task["created_at"]);
    let updated = timestamp(&task["updated_at"]);
    assert!(created <= updated, "{task}");
}

pub fn ids(tasks: &[Value]) -> Vec<u64> {
    tasks.iter().map(|task| task["id"].as_u64().unwrap()).collect()
}
