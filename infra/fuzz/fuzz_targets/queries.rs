//! Query strings are read as the WHATWG says, and a list that is asked for has cursors that fit it and no other.
#![no_main]

use functions::tasks::list::filters;
use fuzz::{KEYS, PRINCIPAL};
use libfuzzer_sys::fuzz_target;
use shared::{
    domain::{Position, Status, TaskId, TaskQuery},
    http::Query,
    identity::cursor,
};
use url::form_urlencoded;

fuzz_target!(|input: &str| {
    let ours: Vec<_> = Query::parse(input).into_pairs().collect();
    let theirs: Vec<_> = form_urlencoded::parse(input.as_bytes()).into_owned().collect();
    assert_eq!(ours, theirs);
    let written = form_urlencoded::Serializer::new(String::new()).extend_pairs(&ours).finish();
    assert_eq!(Query::parse(&written).into_pairs().collect::<Vec<_>>(), ours, "written again as {written}");
    let query = task_query(input);
    let position = Position { window: TaskId::parse(input.get(..15).unwrap_or_default()), after: None };
    let issued = cursor::issue(&KEYS, PRINCIPAL.user_id, &query, &position).unwrap();
    assert_eq!(cursor::read(&KEYS, PRINCIPAL.user_id, &query, &issued).unwrap(), position);
    let other = TaskQuery { status: if query.status == Status::Done { Status::Open } else { Status::Done }, ..query };
    assert!(cursor::read(&KEYS, PRINCIPAL.user_id, &other, &issued).is_err());
});

/// The parameters of a list, as its endpoint takes them.
fn task_query(text: &str) -> TaskQuery {
    let mut parameters = Query::parse(text);
    let names = ["priority", "due_before", "due_after", "q"];
    let filled = names.map(|name| parameters.filled(name).is_some());
    let query = filters(&mut parameters);
    if parameters.finish().is_ok() {
        // What was sent is in the query, or was refused.
        let kept =
            [query.priority.is_some(), query.due_before.is_some(), query.due_after.is_some(), query.text.is_some()];
        assert_eq!(kept, filled);
    }
    query
}
