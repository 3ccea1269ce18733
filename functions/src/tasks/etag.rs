//! Versions of a task as entity tags (RFC 9110, section 8.8.3).

use lambda_http::http::header;
use serde_json::json;
use shared::{
    domain::{Precondition, Task},
    http::Request,
};

use crate::openapi::Typed;

/// What `If-Match` is, for the API's description.
pub(super) const IF_MATCH: &str =
    "The version that the request is meant for: one entity tag, a list, or `*`. Another one is a 412.";

/// The strong entity tag of a task: its version in quotes.
pub(super) fn of(task: &Task) -> String {
    format!("\"{}\"", task.version)
}

/// What `If-Match` asks for. `*` is met by any task that exists, a list by one of its strong tags; weak tags and text that
/// is no tag of ours are met by none.
pub(super) fn precondition(request: &Request) -> Precondition {
    match request.header(header::IF_MATCH).map(str::trim) {
        None | Some("*") => Precondition::None,
        // More tags than anybody has reason to send would only make a longer condition.
        Some(list) => Precondition::Versions(list.split(',').filter_map(version).take(20).collect()),
    }
}

fn version(tag: &str) -> Option<u64> {
    let text = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    // Tags are compared as text: "02" is not a spelling of "2".
    text.parse().ok().filter(|version: &u64| version.to_string() == text)
}

/// Entity tags in a header of a request.
pub(super) fn schema() -> Typed {
    Typed::new(json!({"type": "string", "examples": ["\"1\""]}))
}
