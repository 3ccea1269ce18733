//! Versions of a task as entity tags (RFC 9110, section 8.8.3), and the preconditions that name them.

use lambda_http::http::{HeaderName, header};
use serde_json::json;
use shared::{
    Error,
    domain::{Preconditions, Task, Versions},
    http::Request,
};

use crate::openapi::Typed;

/// What `If-Match` is for, in the API's description.
pub(super) const IF_MATCH: &str =
    "The versions that the request is meant for: one entity tag, a list, or `*`. Another one is a 412.";

/// What `If-None-Match` is for.
pub(super) const IF_NONE_MATCH: &str = "The versions that the request is not meant for: one entity tag, a list, or `*`. One of them is a 304 on GET and a 412 elsewhere.";

/// The strong entity tag of a task: its version in quotes.
pub(super) fn of(task: &Task<'_>) -> String {
    format!("\"{}\"", task.version)
}

/// What `If-Match` and `If-None-Match` ask for. Text that is no tag of ours names no version.
pub(super) fn preconditions(request: &Request) -> Result<Preconditions, Error> {
    Ok(Preconditions {
        // Strong comparison: a weak tag never matches.
        if_match: versions(request, header::IF_MATCH, version)?,
        // Weak comparison: what is behind `W/` counts.
        if_none_match: versions(request, header::IF_NONE_MATCH, |tag| version(tag.strip_prefix("W/").unwrap_or(tag)))?,
    })
}

fn versions(request: &Request, name: HeaderName, version: fn(&str) -> Option<u64>) -> Result<Option<Versions>, Error> {
    match request.header(name.clone()).map(str::trim) {
        None => Ok(None),
        Some("*") => Ok(Some(Versions::Any)),
        Some(list) => {
            // A tag may have commas in it. None of its pieces is a tag of ours.
            let mut versions: Vec<_> = list.split(',').filter_map(|tag| version(tag.trim())).collect();
            versions.sort_unstable();
            versions.dedup();
            if versions.len() > Versions::MAX {
                let sentence = format!("A precondition must name at most {} versions.", Versions::MAX);
                return Err(Error::invalid(name.as_str(), sentence));
            }
            Ok(Some(Versions::Of(versions)))
        }
    }
}

fn version(tag: &str) -> Option<u64> {
    let text = tag.strip_prefix('"')?.strip_suffix('"')?;
    // Tags are compared as text: "02" is not a spelling of "2".
    text.parse().ok().filter(|version: &u64| version.to_string() == text)
}

/// Entity tags in a header of a request.
pub(super) fn schema() -> Typed {
    Typed::new(json!({"type": "string", "examples": ["\"1\""]}))
}
