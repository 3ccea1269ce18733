//! Query strings are read as the WHATWG says, and a list that is asked for has cursors that fit it and no other.
#![no_main]

use fuzz::{KEYS, PRINCIPAL};
use libfuzzer_sys::fuzz_target;
use shared::{
    domain::{Direction, DueDate, Position, Priority, SearchText, Sort, Status, TaskId, TaskQuery},
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
    let names = ["status", "priority", "due_before", "due_after", "q", "sort", "order"];
    let filled = names.map(|name| parameters.filled(name).is_some());
    let query = TaskQuery {
        status: parameters.optional("status", Status::parse).unwrap_or_default(),
        priority: parameters.optional("priority", Priority::parse),
        due_before: parameters.optional("due_before", DueDate::parse),
        due_after: parameters.optional("due_after", DueDate::parse),
        text: parameters.optional("q", SearchText::parse),
        sort: parameters.optional("sort", Sort::parse).unwrap_or_default(),
        order: parameters.optional("order", Direction::parse).unwrap_or_default(),
        limit: TaskQuery::MAX_LIMIT,
        position: Position::default(),
    };
    if parameters.finish().is_ok() {
        // What was sent is in the query, or was refused.
        let kept =
            [query.priority.is_some(), query.due_before.is_some(), query.due_after.is_some(), query.text.is_some()];
        assert_eq!(kept, <[bool; 4]>::try_from(&filled[1..5]).unwrap());
    }
    query
}
