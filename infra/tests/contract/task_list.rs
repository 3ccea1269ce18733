//! GET /api/{user_id}/tasks: order, filters and what a query may say. Paging has its own file.

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::harness::*;

/// A user with 24 tasks, in the order in which they were made. No test changes them.
pub struct Library {
    pub user: User,
    pub tasks: Vec<Value>,
}

/// Every combination of four kinds of due date, open and done, and three priorities.
pub async fn library(client: &Client) -> &'static Library {
    static LIBRARY: OnceCell<Library> = OnceCell::const_new();
    LIBRARY.get_or_init(|| make_library(client)).await
}

async fn make_library(client: &Client) -> Library {
    let user = client.sign_up().await;
    let mut tasks = Vec::new();
    for number in 0..24 {
        let due = match number % 4 {
            0 => Value::Null,
            1 => json!(format!("2030-03-{:02}", number + 1)),
            2 => json!(format!("2030-05-{:02}T12:00:00.000Z", number + 1)),
            _ => json!("2030-04-15"),
        };
        let (title, description) = match number % 6 {
            0 => ("Buy Milk and bread".to_owned(), Value::Null),
            1 => (format!("Errand {number}"), json!("also mILK, if there is any")),
            2 => (format!("100%_sure* {number}"), json!("a \"quoted\" word")),
            3 => (format!("Äpfel pflücken {number}"), json!("für den Kuchen")),
            4 => (format!("Task number {number}"), json!("")),
            _ => (format!("日本語 {number}"), Value::Null),
        };
        let priority = ["low", "medium", "high"][number / 8];
        let body = json!({"title": title, "description": description, "priority": priority, "due_date": due});
        let mut task = client.create(&user, body).await.json();
        if number / 4 % 2 == 1 {
            task = client.patch(&user.complete(&task["id"])).token(&user.token).send().await.expect(200).json();
        }
        tasks.push(task);
    }
    Library { user, tasks }
}

fn rank(task: &Value) -> usize {
    ["low", "medium", "high"].iter().position(|priority| task["priority"] == *priority).unwrap()
}

fn newest_first(tasks: &[Value]) -> Vec<u64> {
    let mut ids = ids(tasks);
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids
}

fn contains(task: &Value, word: &str) -> bool {
    let word = word.to_lowercase();
    ["title", "description"]
        .iter()
        .any(|member| task[*member].as_str().is_some_and(|text| text.to_lowercase().contains(&word)))
}

#[tokio::test]
async fn a_new_user_has_an_empty_list() {
    let client = Client::new();
    let user = client.sign_up().await;
    let answer = client.get(&user.tasks()).token(&user.token).send().await;
    assert_eq!(answer.expect(200).json(), json!([]));
    assert_eq!(answer.next_page(), None);
}

#[tokio::test]
async fn the_list_holds_every_task_whole_and_the_newest_first() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    let answer = client.get(&user.tasks()).token(&user.token).send().await;
    let listed = answer.expect(200).array();
    assert_eq!(answer.next_page(), None, "all of it fits");
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    assert_eq!(ids(&listed), newest_first(tasks));
    for task in &listed {
        assert_task(task, user);
        assert!(tasks.contains(task), "{task}");
    }
    assert!(listed.is_sorted_by(|newer, older| timestamp(&newer["created_at"]) >= timestamp(&older["created_at"])));
}

#[tokio::test]
async fn the_list_follows_every_change_at_once() {
    let client = Client::new();
    let user = client.sign_up().await;
    let one = client.create_titled(&user, "one").await;
    assert_eq!(client.list(&user, "").await, vec![one.clone()]);
    let two = client.update(&user, &one["id"], &json!({"title": "two", "priority": "high"})).await.expect(200).json();
    assert_eq!(client.list(&user, "").await, vec![two.clone()]);
    assert_eq!(client.list(&user, "?priority=medium").await, Vec::<Value>::new());
    let three = client.patch(&user.complete(&one["id"])).token(&user.token).send().await.expect(200).json();
    assert_eq!(client.list(&user, "?status=done&priority=high&q=two").await, vec![three]);
    client.delete(&user.task(&one["id"])).token(&user.token).send().await.expect(200);
    assert_eq!(client.list(&user, "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_order_of_making_goes_both_ways() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    let down = newest_first(tasks);
    let up: Vec<u64> = down.iter().rev().copied().collect();
    for (query, expected) in [
        ("?sort=created", &down),
        ("?order=desc", &down),
        ("?sort=created&order=desc", &down),
        ("?order=asc", &up),
        ("?sort=created&order=asc", &up),
        ("?status=all", &down),
    ] {
        assert_eq!(&ids(&client.list(user, query).await), expected, "{query}");
    }
}

#[tokio::test]
async fn by_priority_low_comes_before_medium_before_high() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    let up = client.list(user, "?sort=priority&order=asc").await;
    assert!(up.is_sorted_by_key(rank), "{up:?}");
    let down = client.list(user, "?sort=priority&order=desc").await;
    assert!(down.iter().rev().is_sorted_by_key(rank), "{down:?}");
    for sorted in [up, down] {
        assert_eq!(newest_first(&sorted), newest_first(tasks));
    }
}

#[tokio::test]
async fn by_due_date_the_earlier_comes_first_and_those_without_one_stay_together() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    let up = client.list(user, "?sort=due&order=asc").await;
    let mut down = client.list(user, "?sort=due&order=desc").await;
    for sorted in [&up, &down] {
        assert_eq!(newest_first(sorted), newest_first(tasks));
    }
    down.reverse();
    for sorted in [up, down] {
        let dues: Vec<&str> = sorted.iter().filter_map(|task| task["due_date"].as_str()).collect();
        assert!(dues.is_sorted(), "{dues:?}");
        let changes = sorted.windows(2).filter(|pair| pair[0]["due_date"].is_null() != pair[1]["due_date"].is_null());
        assert_eq!(changes.count(), 1, "tasks without a due date are in the midst of those with one");
    }
}

#[tokio::test]
async fn every_combination_of_filters_gives_what_fits_all_of_them() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    // The bounds are dates of the library itself, which excludes them.
    let before = [None, Some("2030-04-15"), Some("2030-05-15T12:00:00.000Z")];
    let after = [None, Some("2030-03-10"), Some("2030-05-03T12:00:00Z")];
    for status in [None, Some("all"), Some("open"), Some("done")] {
        for priority in [None, Some("low"), Some("medium"), Some("high")] {
            for due_before in before {
                for due_after in after {
                    for q in [None, Some("milk")] {
                        let query: Vec<String> = [
                            ("status", status),
                            ("priority", priority),
                            ("due_before", due_before),
                            ("due_after", due_after),
                            ("q", q),
                        ]
                        .iter()
                        .filter_map(|(name, value)| value.map(|value| format!("{name}={}", encode(value))))
                        .collect();
                        let expected: Vec<Value> = tasks
                            .iter()
                            .filter(|task| match status {
                                Some("open") => task["completed"] == json!(false),
                                Some("done") => task["completed"] == json!(true),
                                _ => true,
                            })
                            .filter(|task| priority.is_none_or(|priority| task["priority"] == priority))
                            .filter(|task| {
                                due_before.is_none_or(|end| task["due_date"].as_str().is_some_and(|due| due < end))
                            })
                            .filter(|task| {
                                due_after.is_none_or(|start| {
                                    let start = start.replace("00Z", "00.000Z");
                                    task["due_date"].as_str().is_some_and(|due| due > start.as_str())
                                })
                            })
                            .filter(|task| q.is_none_or(|word| contains(task, word)))
                            .cloned()
                            .collect();
                        let query = format!("?{}", query.join("&"));
                        assert_eq!(ids(&client.list(user, &query).await), newest_first(&expected), "{query}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn the_bounds_of_due_dates_are_excluded() {
    let client = Client::new();
    let user = client.sign_up().await;
    let due = |due: &'static str| client.create(&user, json!({"title": due, "due_date": due}));
    let day = due("2030-06-15").await.json();
    let noon = due("2030-08-15T12:00:00Z").await.json();
    client.create_titled(&user, "without a due date").await;
    for (query, expected) in [
        ("?due_before=2030-06-15", vec![]),
        ("?due_before=2030-06-16", vec![&day]),
        ("?due_before=2030-08-15T12:00:00Z", vec![&day]),
        ("?due_before=2030-08-15T12:00:00.001Z", vec![&noon, &day]),
        ("?due_before=2030-08-15T14:00:00%2B02:00", vec![&day]),
        ("?due_before=2030-08-15T14:00:01%2B02:00", vec![&noon, &day]),
        ("?due_after=2030-06-14", vec![&noon, &day]),
        ("?due_after=2030-06-15", vec![&noon]),
        ("?due_after=2030-08-15T11:59:59.999Z", vec![&noon]),
        ("?due_after=2030-08-15T12:00:00Z", vec![]),
        ("?due_after=2030-06-14&due_before=2030-06-16", vec![&day]),
        ("?due_after=2030-06-16&due_before=2030-06-14", vec![]),
    ] {
        let listed = client.list(&user, query).await;
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn a_text_is_found_in_title_or_description_in_any_case() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    for word in [
        "milk",
        "MILK",
        "Milk and",
        "bread",
        "any",
        "äpfel",
        "ÄPFEL",
        "FÜR",
        "日本",
        "語 5",
        "%",
        "_",
        "*",
        "100%_sure*",
        "\"quoted\"",
        "\"",
        "number 4",
        "nothing like this",
        ".",
        ".*",
        "milk bread",
        "null",
        "\\",
        "'",
    ] {
        let expected: Vec<Value> = tasks.iter().filter(|task| contains(task, word)).cloned().collect();
        let listed = client.list(user, &format!("?q={}", encode(word))).await;
        assert_eq!(ids(&listed), newest_first(&expected), "{word}");
    }
}

#[tokio::test]
async fn a_space_in_a_query_may_be_a_plus() {
    // As URLSearchParams writes it: https://url.spec.whatwg.org/#urlencoded-serializing
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let spaced = client.list(user, "?q=milk%20and").await;
    assert!(!spaced.is_empty());
    assert_eq!(client.list(user, "?q=milk+and").await, spaced);
}

#[tokio::test]
async fn a_text_is_found_however_it_is_written() {
    let client = Client::new();
    let user = client.sign_up().await;
    let street = client.create_titled(&user, "Lange Straße 1").await;
    let coffee = client.create(&user, json!({"title": "x", "description": "im Café"})).await.json();
    let decomposed = client.create_titled(&user, "CAFE\u{301} zu").await;
    let road = client.create_titled(&user, "ΟΔΟΣΜΑ").await;
    let office = client.create_titled(&user, "o\u{fb03}ce ２").await;
    for (q, found) in [
        ("STRASSE", vec![&street]),
        ("straße", vec![&street]),
        ("STRA\u{1e9e}E", vec![&street]),
        ("Cafe\u{301}", vec![&decomposed, &coffee]),
        ("café", vec![&decomposed, &coffee]),
        ("CAFÉ", vec![&decomposed, &coffee]),
        ("ΟΔΟΣ", vec![&road]),
        ("οδος", vec![&road]),
        ("OFFICE 2", vec![&office]),
    ] {
        let listed = client.list(&user, &format!("?q={}", encode(q))).await;
        assert_eq!(listed.iter().collect::<Vec<_>>(), found, "{q}");
    }
}

#[tokio::test]
async fn a_text_to_look_for_has_at_most_500_characters() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    for character in ["-", "é", "🦀"] {
        let query = |chars: usize| format!("{}?q={}", user.tasks(), encode(&character.repeat(chars)));
        client.get(&query(500)).token(&user.token).send().await.expect(200);
        assert_invalid(&client.get(&query(501)).token(&user.token).send().await, &["/q"]);
    }
}

#[tokio::test]
async fn the_link_to_the_next_page_is_short_whatever_was_sent() {
    let client = Client::new();
    let user = client.sign_up().await;
    let due = "2030-06-15T12:00:00.000Z";
    for _ in 0..2 {
        client
            .create(&user, json!({"title": "🦀".repeat(200), "description": "🦀".repeat(600), "due_date": due}))
            .await;
    }
    let fraction = "0".repeat(1_000);
    for query in [
        format!("q={}", encode(&"🦀".repeat(500))),
        format!("due_after=2030-01-01T00:00:00.{fraction}Z&due_before=2031-01-01T00:00:00.{fraction}Z"),
        format!("sort=due&priority=medium&status=open&order=asc&q={}", encode(&"🦀".repeat(500))),
    ] {
        let answer = client.get(&format!("{}?limit=1&{query}", user.tasks())).token(&user.token).send().await;
        assert!(answer.expect(200).header("link").unwrap().len() < 8_192, "{query}");
        let next = client.request_url(reqwest::Method::GET, answer.next_page().unwrap()).token(&user.token);
        assert_eq!(next.send().await.expect(200).array().len(), 1, "{query}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_there_and_empty_counts_as_absent() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    let all = "?q=&limit=&status=&priority=&sort=&order=&due_before=&due_after=&cursor=";
    for query in [all, "?cursor=", "?cursor", "?cursor=&cursor=", "?q&limit&sort"] {
        let answer = client.get(&format!("{}{query}", user.tasks())).token(&user.token).send().await;
        assert_eq!(ids(&answer.expect(200).array()), newest_first(tasks), "{query}");
    }
    let first = client.get(&format!("{}{all}&limit=2", user.tasks())).token(&user.token).send().await;
    assert_eq!(ids(&first.expect(200).array()), newest_first(tasks)[..2]);
    let next = first.next_page().unwrap();
    assert_eq!(next.query_pairs().filter(|(_, value)| value.is_empty()).count(), 0, "{next}");
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    for query in
        ["?foo=bar", "?page=2&size=1", "?user_id=someone", "?Status=done", "?foo", "?&&", "?=", "?foo=%F0%9F%A6%80"]
    {
        assert_eq!(ids(&client.list(user, query).await), newest_first(tasks), "{query}");
    }
}

#[tokio::test]
async fn the_limit_is_1_to_1000() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    for (limit, expected) in [(1, 1), (2, 2), (23, 23), (24, 24), (25, 24), (999, 24), (1_000, 24)] {
        let answer = client.get(&format!("{}?limit={limit}", user.tasks())).token(&user.token).send().await;
        let listed = answer.expect(200).array();
        assert_eq!(ids(&listed), newest_first(tasks)[..expected], "{limit}");
        if expected < tasks.len() {
            assert!(answer.next_page().is_some(), "{limit}");
        }
    }
}

#[tokio::test]
async fn each_invalid_value_is_refused() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    for (name, values) in [
        ("status", &["OPEN", "closed", "true", "open,done", " open", "1"][..]),
        ("priority", &["HIGH", "urgent", "1", "low,high", "all", "null"]),
        (
            "due_before",
            &["soon", "2030", "2030-02-30", "2030-13-01", "2030-01-31T10:00:00", "1893456000", "31.01.2030"],
        ),
        ("due_after", &["soon", "2030", "2030-02-30", "2030-13-01", "2030-01-31T10:00:00", "1893456000", "31.01.2030"]),
        ("sort", &["title", "CREATED", "updated", "created,due", "-created"]),
        ("order", &["up", "ASC", "descending", "-1"]),
        (
            "limit",
            &[
                "0",
                "1001",
                "-1",
                "+5",
                "05",
                "5.0",
                " 5",
                "5 ",
                "\u{665}",
                "abc",
                "1.5",
                "1e2",
                "0x10",
                "99999999999999999999",
                "１",
                "1 000",
                "null",
            ],
        ),
        ("cursor", &["nonsense", "0", "1", "null", "e30", "eyJpZCI6MX0", "../..", "%", "é"]),
    ] {
        for value in values {
            let path = format!("{}?{name}={}", user.tasks(), encode(value));
            let answer = client.get(&path).token(&user.token).send().await;
            assert_eq!(answer.status, 422, "{name}={value}: {}", answer.shown());
            assert_invalid(&answer, &[&format!("/{name}")]);
        }
    }
}

#[tokio::test]
async fn all_invalid_values_are_told_at_once() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let query = "?status=x&priority=x&due_before=x&due_after=x&sort=x&order=x&limit=x";
    let answer = client.get(&format!("{}{query}", user.tasks())).token(&user.token).send().await;
    let pointers = ["/status", "/priority", "/due_before", "/due_after", "/sort", "/order", "/limit"];
    assert_invalid(&answer, &pointers);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_answered_or_refused_but_breaks_nothing() {
    let client = Client::new();
    let Library { user, tasks } = library(&client).await;
    let long = "q".repeat(4_000);
    for query in [
        "limit=1&limit=2",
        "limit=2&limit=x",
        "status=open&status=done",
        "q=a&q=b",
        "cursor=&cursor=",
        "limit=",
        "status=",
        "priority=",
        "due_before=",
        "sort=",
        "order=",
        "cursor=",
        "limit",
        "status",
        "q",
        "q=%",
        "q=%2",
        "q=%zz",
        "q=%FF",
        "q=%ED%A0%80",
        "q=%00",
        "status=%FF",
        "%FF=%FF",
        "%=%",
        "limit=%31",
        "l%69mit=1",
        "q[]=milk",
        "q[$ne]=x",
        "filter[status]=open",
        "q=%F0%9F%A6%80",
        &format!("q={long}"),
        &format!("cursor={long}"),
        "limit=1;status=open",
        "due_before=9999-12-31T23:59:59-23:59",
        "due_after=0000-01-01T00:00:00%2B23:59",
    ] {
        let answer = client.get(&format!("{}?{query}", user.tasks())).token(&user.token).send().await;
        answer.expect_one_of(&[200, 400, 422]);
        if answer.status == 200 {
            for task in answer.array() {
                assert!(tasks.contains(&task), "{query}: {task}");
            }
        }
    }
}
