//! POST /api/{user_id}/tasks

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::*;

/// The members that a title alone decides.
async fn attempt(client: &Client, user: &User, body: &Value) -> Answer {
    client.post(&user.tasks()).token(&user.token).json(body).send().await
}

async fn with(client: &Client, member: &str, value: Value) -> Answer {
    let mut body = json!({"title": "a task"});
    body[member] = value;
    attempt(client, shared_user(client).await, &body).await
}

#[tokio::test]
async fn a_title_is_enough() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let task = client.create_titled(user, "Buy milk").await;
    assert_task(&task, user);
    assert_eq!(task["title"], "Buy milk");
    assert_eq!(task["description"], Value::Null);
    assert_eq!(task["completed"], json!(false));
    assert_eq!(task["priority"], "medium");
    assert_eq!(task["due_date"], Value::Null);
    assert_eq!(task["created_at"], task["updated_at"]);
}

#[tokio::test]
async fn every_member_is_kept() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for priority in ["low", "medium", "high"] {
        let body = json!({
            "title": "Write the report", "description": "For \"Ada\" & <Bob>\nwith\ttabs, ünïcödé, 日本語, 🦀, \\ and \u{202e}rtl",
            "priority": priority, "due_date": "2030-06-15",
        });
        let task = client.create(user, body.clone()).await.json();
        assert_task(&task, user);
        for member in ["title", "description", "priority", "due_date"] {
            assert_eq!(task[member], body[member]);
        }
        assert_eq!(client.fetch(user, &task["id"]).await.json(), task);
    }
}

#[tokio::test]
async fn the_answer_says_where_the_task_is_and_in_which_version() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "found by its Location"})).await;
    let task = created.json();
    let location = created.location();
    assert!(location.path().ends_with(&user.task(&task["id"])), "{location}");
    let fetched = client.request_url(Method::GET, location).token(&user.token).send().await;
    assert_eq!(fetched.expect(200).json(), task);
    assert_eq!(fetched.etag(), created.etag());
}

#[tokio::test]
async fn timestamps_are_the_time_of_the_request_in_utc() {
    let client = Client::new();
    let user = shared_user(&client).await;
    // The clock of a deployed stage may differ a little from the one here.
    let (earliest, latest) = (seconds_from_now(-300), seconds_from_now(300));
    let task = client.create_titled(user, "now").await;
    for member in ["created_at", "updated_at"] {
        let time = timestamp(&task[member]);
        assert!(earliest < time && time < latest, "{time} is not between {earliest} and {latest}");
    }
}

#[tokio::test]
async fn ids_are_exact_in_javascript_distinct_and_grow_with_time() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let mut tasks = Vec::new();
    for _ in 0..20 {
        tasks.push(client.create_titled(user, "one of twenty").await);
    }
    let numbers = ids(&tasks);
    assert!(numbers.iter().all(|id| (1..=MAX_SAFE_INTEGER).contains(id)), "{numbers:?}");
    for (at, earlier) in tasks.iter().enumerate() {
        for later in &tasks[at + 1..] {
            assert_ne!(earlier["id"], later["id"]);
            // Within one millisecond the order is free.
            if timestamp(&earlier["created_at"]) < timestamp(&later["created_at"]) {
                assert!(earlier["id"].as_u64() < later["id"].as_u64(), "{earlier} {later}");
            }
        }
    }
}

#[tokio::test]
async fn a_title_is_trimmed() {
    let client = Client::new();
    for title in ["  Buy milk  ", "\t\nBuy milk\r\n", "\u{a0}Buy milk\u{3000}"] {
        assert_eq!(with(&client, "title", json!(title)).await.expect(201).json()["title"], "Buy milk");
    }
    assert_eq!(with(&client, "title", json!("Buy  milk")).await.expect(201).json()["title"], "Buy  milk");
}

#[tokio::test]
async fn a_title_has_1_to_200_characters_of_any_script() {
    let client = Client::new();
    for character in ["t", "é", "題", "🦀"] {
        for length in [1, 199, 200] {
            let title = character.repeat(length);
            assert_eq!(with(&client, "title", json!(title)).await.expect(201).json()["title"], json!(title));
        }
        assert_invalid(&with(&client, "title", json!(character.repeat(201))).await, &["/title"]);
    }
    // What counts is what is left after trimming.
    let padded = format!("   {}   ", "t".repeat(200));
    with(&client, "title", json!(padded)).await.expect(201);
    assert_invalid(&with(&client, "title", json!(format!(" {} ", "t".repeat(201)))).await, &["/title"]);
}

#[tokio::test]
async fn a_title_counts_characters_not_what_a_reader_sees_as_one() {
    // A family is seven scalar values, an e with a combining accent is two.
    let client = Client::new();
    let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
    with(&client, "title", json!(family.repeat(28))).await.expect(201);
    assert_invalid(&with(&client, "title", json!(family.repeat(29))).await, &["/title"]);
    with(&client, "title", json!("e\u{301}".repeat(100))).await.expect(201);
    assert_invalid(&with(&client, "title", json!("e\u{301}".repeat(101))).await, &["/title"]);
}

#[tokio::test]
async fn texts_hold_no_control_characters_but_those_that_people_type() {
    let client = Client::new();
    for control in (0..=0x1f).chain(0x7f..=0x9f).filter_map(char::from_u32) {
        let is_typed = matches!(control, '\t' | '\n' | '\r');
        for member in ["title", "description"] {
            let answer = with(&client, member, json!(format!("a{control}b"))).await;
            if is_typed {
                assert_eq!(answer.expect(201).json()[member], json!(format!("a{control}b")));
            } else {
                assert_invalid(&answer, &[&format!("/{member}")]);
            }
        }
    }
}

#[tokio::test]
async fn a_blank_title_is_refused() {
    let client = Client::new();
    for title in ["", " ", "   ", "\t\r\n", "\u{a0}", "\u{2003}\u{3000}", &" ".repeat(300)] {
        assert_invalid(&with(&client, "title", json!(title)).await, &["/title"]);
    }
}

#[tokio::test]
async fn a_description_has_at_most_5000_characters_of_any_script() {
    let client = Client::new();
    for character in ["d", "é", "説", "🦀"] {
        for length in [1, 4_999, 5_000] {
            let description = character.repeat(length);
            let task = with(&client, "description", json!(description)).await.expect(201).json();
            assert_eq!(task["description"], json!(description));
        }
        assert_invalid(&with(&client, "description", json!(character.repeat(5_001))).await, &["/description"]);
    }
}

#[tokio::test]
async fn a_description_is_kept_as_it_is() {
    let client = Client::new();
    for description in ["  indented\n  code  ", "\n", "null", "0"] {
        let task = with(&client, "description", json!(description)).await.expect(201).json();
        assert_eq!(task["description"], json!(description));
    }
    assert_eq!(with(&client, "description", Value::Null).await.expect(201).json()["description"], Value::Null);
    let empty = with(&client, "description", json!("")).await.expect(201).json();
    assert!(empty["description"] == "" || empty["description"].is_null(), "{empty}");
}

#[tokio::test]
async fn a_priority_is_one_of_three() {
    let client = Client::new();
    for wrong in ["", "HIGH", "High", "urgent", "none", "1", " high", "high "] {
        assert_invalid(&with(&client, "priority", json!(wrong)).await, &["/priority"]);
    }
}

#[tokio::test]
async fn a_due_date_stays_a_date_and_a_date_time_becomes_utc_with_milliseconds() {
    let client = Client::new();
    for (given, kept) in [
        ("2030-01-31", "2030-01-31"),
        ("2024-02-29", "2024-02-29"),
        ("2000-01-01", "2000-01-01"),
        ("1999-12-31", "1999-12-31"),
        ("9999-12-31", "9999-12-31"),
        ("2030-01-31T10:00:00Z", "2030-01-31T10:00:00.000Z"),
        ("2030-01-31T10:00:00.5Z", "2030-01-31T10:00:00.500Z"),
        ("2030-01-31T10:00:00.123Z", "2030-01-31T10:00:00.123Z"),
        ("2030-01-31T10:00:00.123456Z", "2030-01-31T10:00:00.123Z"),
        ("2030-01-31T10:00:00.000000001Z", "2030-01-31T10:00:00.000Z"),
        ("2030-01-31T10:00:00+02:00", "2030-01-31T08:00:00.000Z"),
        ("2030-01-31T10:00:00-05:30", "2030-01-31T15:30:00.000Z"),
        ("2030-01-31T23:30:00-01:00", "2030-02-01T00:30:00.000Z"),
        ("2030-01-01T00:30:00+01:00", "2029-12-31T23:30:00.000Z"),
        ("2030-01-31T10:00:00+00:00", "2030-01-31T10:00:00.000Z"),
        ("2030-01-31T10:00:00-00:00", "2030-01-31T10:00:00.000Z"),
        ("2030-01-31T00:00:00Z", "2030-01-31T00:00:00.000Z"),
    ] {
        let task = with(&client, "due_date", json!(given)).await.expect(201).json();
        assert_eq!(task["due_date"], json!(kept), "{given}");
    }
    assert_eq!(with(&client, "due_date", Value::Null).await.expect(201).json()["due_date"], Value::Null);
}

#[tokio::test]
async fn a_due_date_that_is_not_rfc_3339_is_refused() {
    let client = Client::new();
    for wrong in [
        "",
        " ",
        "tomorrow",
        "2030",
        "2030-01",
        "2030-1-1",
        "2030-00-10",
        "2030-13-01",
        "2030-01-00",
        "2030-01-32",
        "2030-02-29",
        "2023-02-29",
        "2030-04-31",
        "20300131",
        "2030/01/31",
        "31.01.2030",
        "01/31/2030",
        "2030-W05-4",
        "2030-031",
        "+2030-01-31",
        "-2030-01-31",
        "12030-01-31",
        "2030-01-31T",
        "2030-01-31T10",
        "2030-01-31T10:00",
        "2030-01-31T10:00Z",
        "2030-01-31T10:00:00",
        "2030-01-31T24:00:00Z",
        "2030-01-31T25:00:00Z",
        "2030-01-31T10:60:00Z",
        "2030-01-31T10:00:61Z",
        "2030-01-31T10:00:00.Z",
        "2030-01-31T10:00:00+2",
        "2030-01-31T10:00:00+0200",
        "2030-01-31T10:00:00+24:00",
        "2030-01-31T10:00:00 UTC",
        "2030-01-31x10:00:00Z",
        "2030-01-31010:00:00Z",
        "2030-01-31Z",
        "Thu, 31 Jan 2030 10:00:00 GMT",
        "1893456000",
        "２０３０-01-31",
        "2030-01-31\u{0}",
        "2030-01-31T10:00:00Zjunk",
    ] {
        let answer = with(&client, "due_date", json!(wrong)).await;
        assert_eq!(answer.status, 422, "{wrong:?}: {}", answer.shown());
        assert_invalid(&answer, &["/due_date"]);
    }
}

#[tokio::test]
async fn a_due_date_at_the_ends_of_time_is_kept_in_shape_or_refused() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for edge in [
        "0000-01-01",
        "0001-01-01",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "9999-12-31T23:59:59.999999999Z",
        "2016-12-31T23:59:60Z",
        "2030-01-31t10:00:00z",
        "2030-01-31 10:00:00Z",
        "2030-01-31T10:00:00.12345678901234567890Z",
    ] {
        let answer = with(&client, "due_date", json!(edge)).await;
        if answer.status == 201 {
            assert_task(&answer.json(), user);
        } else {
            assert_invalid(&answer, &["/due_date"]);
        }
    }
}

#[tokio::test]
async fn each_member_must_have_its_type() {
    let client = Client::new();
    for wrong in [json!(1), json!(-1.5), json!(true), json!([]), json!(["x"]), json!({}), json!({"S": "x"})] {
        for (member, pointer) in
            [("title", "/title"), ("description", "/description"), ("priority", "/priority"), ("due_date", "/due_date")]
        {
            assert_invalid(&with(&client, member, wrong.clone()).await, &[pointer]);
        }
    }
    assert_invalid(&with(&client, "title", Value::Null).await, &["/title"]);
    let answer = with(&client, "priority", Value::Null).await;
    if answer.status == 201 {
        assert_eq!(answer.json()["priority"], "medium");
    } else {
        assert_invalid(&answer, &["/priority"]);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_nothing_is_made() {
    let client = Client::new();
    let user = client.sign_up().await;
    for (body, pointers) in [
        (json!({}), vec!["/title"]),
        (json!({"description": "no title"}), vec!["/title"]),
        (json!({"priority": "urgent", "due_date": "soon"}), vec!["/title", "/priority", "/due_date"]),
        (
            json!({"title": " ", "description": "d".repeat(5_001), "priority": "urgent", "due_date": "soon"}),
            vec!["/title", "/description", "/priority", "/due_date"],
        ),
        (
            json!({"title": 1, "description": 2, "priority": 3, "due_date": 4}),
            vec!["/title", "/description", "/priority", "/due_date"],
        ),
    ] {
        assert_invalid(&attempt(&client, &user, &body).await, &pointers);
    }
    assert_eq!(client.list(&user, "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn members_that_a_client_may_not_set_are_ignored() {
    let client = Client::new();
    let (user, other) = shared_pair(&client).await;
    let body = json!({
        "title": "mine", "id": 1, "task_id": 1, "user_id": other.id, "completed": true, "version": 99,
        "created_at": "2001-01-01T00:00:00.000Z", "updated_at": "2001-01-01T00:00:00.000Z", "unknown": {"deep": [1]},
    });
    let task = client.create(user, body).await.json();
    assert_task(&task, user);
    assert_ne!(task["id"], 1);
    assert_eq!(task["completed"], json!(false));
    assert!(timestamp(&task["created_at"]).as_str() > "2024", "{task}");
}

#[tokio::test]
async fn markup_and_query_language_are_only_text() {
    let client = Client::new();
    for text in [
        "<script>alert(1)</script>",
        "'; DROP TABLE Tasks; --",
        "{\"S\": \"x\"}",
        "${jndi:ldap://x}",
        "#t = :t",
        "%s%n",
    ] {
        let task = with(&client, "title", json!(text)).await.expect(201).json();
        assert_eq!(task["title"], json!(text));
        let user = shared_user(&client).await;
        assert_eq!(client.fetch(user, &task["id"]).await.json(), task);
    }
}

#[tokio::test]
async fn equal_requests_without_a_key_make_different_tasks() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let (one, two) = (client.create_titled(user, "twice").await, client.create_titled(user, "twice").await);
    assert_ne!(one["id"], two["id"]);
}
