//! GET /api/{user_id}/tasks: `Link: <…>; rel="next"` and its cursor.

use std::collections::BTreeSet;

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::harness::*;
use crate::task_list::{Library, library};

const ORDERS: [&str; 6] = [
    "sort=created&order=desc",
    "sort=created&order=asc",
    "sort=due&order=desc",
    "sort=due&order=asc",
    "sort=priority&order=desc",
    "sort=priority&order=asc",
];

const PRIORITIES: [&str; 3] = ["low", "medium", "high"];

fn cursor(url: &Url) -> String {
    url.query_pairs().find(|(name, _)| name == "cursor").expect("a cursor").1.into_owned()
}

/// The second page after `query`, which must have one.
async fn next_page(client: &Client, user: &User, query: &str) -> Url {
    let answer = client.get(&format!("{}{query}", user.tasks())).token(&user.token).send().await;
    answer.expect(200);
    answer.next_page().unwrap_or_else(|| panic!("{query} has a next page"))
}

#[tokio::test]
async fn the_pages_of_every_order_and_filter_are_the_list_in_pieces() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    for order in ORDERS {
        for filter in
            ["", "&status=open", "&q=milk", "&priority=high&status=done", "&due_after=2030-03-12&due_before=2030-05-20"]
        {
            let whole = ids(&client.list(user, &format!("?{order}{filter}")).await);
            assert!(!whole.is_empty());
            for limit in if filter.is_empty() { &[1, 5, 23, 24][..] } else { &[2, 7] } {
                let path = format!("{}?{order}{filter}&limit={limit}", user.tasks());
                let pages = client.pages(user, &path).await;
                assert!(pages.iter().all(|page| page.len() <= *limit), "{path}: a page is too long");
                assert_eq!(ids(&pages.concat()), whole, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_link_leads_to_the_same_list() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let query = format!("?limit=2&q={}&sort=created", encode("milk and"));
    let next = next_page(&client, user, &query).await;
    assert!(next.path().ends_with(&user.tasks()), "{next}");
    assert_eq!(next.origin(), Url::parse(base_url()).unwrap().origin(), "{next}");
    let page = client.request_url(Method::GET, next).token(&user.token).send().await.expect(200).array();
    assert!((1..=2).contains(&page.len()), "{page:?}");
    assert!(page.iter().all(|task| task["title"] == "Buy Milk and bread"), "{page:?}");
}

#[tokio::test]
async fn a_link_needs_the_token_of_its_user() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let next = next_page(&client, user, "?limit=2").await;
    assert_problem(&client.request_url(Method::GET, next.clone()).send().await, 401, "not_authenticated");
    let other = shared_user(&client).await;
    let answer = client.request_url(Method::GET, next).token(&other.token).send().await;
    assert_problem(&answer, 403, "access_denied");
}

#[tokio::test]
async fn a_cursor_opens_no_list_of_another_user() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let other = client.sign_up().await;
    let own = client.create_titled(&other, "the other's own").await;
    let next = next_page(&client, user, "?limit=2").await;
    let path = format!("{}?limit=2&cursor={}", other.tasks(), encode(&cursor(&next)));
    let answer = client.get(&path).token(&other.token).send().await;
    if answer.status == 200 {
        assert!(answer.array().iter().all(|task| *task == own), "{}", answer.shown());
    } else {
        assert_invalid(&answer, &["/cursor"]);
    }
}

#[tokio::test]
async fn a_cursor_with_any_character_changed_is_refused() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let mut next = next_page(&client, user, "?limit=2").await;
    let cursor = cursor(&next);
    assert!(cursor.is_ascii(), "{cursor}");
    let mut forged: Vec<String> = (0..cursor.len())
        .map(|at| {
            let other = if cursor.as_bytes()[at] == b'A' { 'B' } else { 'A' };
            format!("{}{other}{}", &cursor[..at], &cursor[at + 1..])
        })
        .collect();
    forged.extend([format!("{cursor}A"), format!("A{cursor}"), format!("{cursor}="), format!("{cursor}{cursor}")]);
    forged.extend((1..cursor.len()).map(|length| cursor[..length].to_owned()));
    for cursor in forged {
        next.set_query(Some(&format!("limit=2&cursor={}", encode(&cursor))));
        let answer = client.request_url(Method::GET, next.clone()).token(&user.token).send().await;
        assert_invalid(&answer, &["/cursor"]);
    }
}

#[tokio::test]
async fn a_cursor_goes_with_the_filters_and_the_order_it_was_made_for() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let made_for = "status=open&sort=due&order=asc&limit=2";
    let cursor = encode(&cursor(&next_page(&client, user, &format!("?{made_for}")).await));
    for other in [
        "limit=2",
        "status=done&sort=due&order=asc&limit=2",
        "status=open&sort=due&order=desc&limit=2",
        "status=open&sort=priority&order=asc&limit=2",
        "status=open&sort=created&order=asc&limit=2",
        "status=open&sort=due&order=asc&priority=low&limit=2",
        "status=open&sort=due&order=asc&q=milk&limit=2",
        "status=open&sort=due&order=asc&due_after=2030-01-01&limit=2",
        "status=open&sort=due&order=asc&due_before=2031-01-01&limit=2",
    ] {
        let answer = client.get(&format!("{}?{other}&cursor={cursor}", user.tasks())).token(&user.token).send().await;
        assert_eq!(answer.status, 422, "{other}: {}", answer.shown());
        assert_invalid(&answer, &["/cursor"]);
    }
    // The order in which a query names its parameters means nothing.
    let path = format!("{}?cursor={cursor}&order=asc&limit=2&sort=due&status=open", user.tasks());
    client.get(&path).token(&user.token).send().await.expect(200);
}

#[tokio::test]
async fn a_cursor_does_not_show_what_it_holds_of_the_tasks() {
    let client = Client::new();
    let Library { user, .. } = library(&client).await;
    let next = next_page(&client, user, "?limit=2").await;
    let cursor = cursor(&next).to_lowercase();
    for text in ["milk", "title", &user.email] {
        assert!(!cursor.contains(text), "{cursor}");
    }
}

#[tokio::test]
async fn paging_goes_on_after_the_tasks_of_a_page_are_deleted_and_others_are_made() {
    let client = Client::new();
    for order in ORDERS {
        let user = client.sign_up().await;
        for number in 0..6 {
            let body = json!({
                "title": format!("task {number}"), "due_date": format!("2030-01-{:02}", number / 2 + 1),
                "priority": PRIORITIES[number % 3],
            });
            client.create(&user, body).await;
        }
        let whole = ids(&client.list(&user, &format!("?{order}")).await);
        let first = client.get(&format!("{}?{order}&limit=2", user.tasks())).token(&user.token).send().await;
        let seen = first.expect(200).array();
        for task in &seen {
            client.delete(&user.task(&task["id"])).token(&user.token).send().await.expect(200);
        }
        let late = client.create_titled(&user, "made while paging").await["id"].as_u64().unwrap();

        let mut rest = Vec::new();
        let mut next = first.next_page();
        while let Some(url) = next {
            let answer = client.request_url(Method::GET, url).token(&user.token).send().await;
            rest.extend(ids(&answer.expect(200).array()));
            assert!(rest.len() <= 7, "{order}: paging does not end");
            next = answer.next_page();
        }
        // Whether a task made meanwhile is seen depends on where it sorts; the others are, in their order.
        rest.retain(|id| *id != late);
        assert_eq!(rest, whole[2..], "{order}");
    }
}

#[tokio::test]
async fn a_list_longer_than_a_megabyte_comes_in_pages_without_loss() {
    const COUNT: usize = 60;
    let client = Client::new();
    let user = client.sign_up().await;
    // 5,000 characters of 4 bytes: 60 such tasks are 1.2 MB.
    let description = "🦀".repeat(5_000);
    let mut all = BTreeSet::new();
    for first in (0..COUNT).step_by(10) {
        let calls = (first..first + 10).map(|number| {
            let body = json!({
                "title": format!("large {number}"), "description": description,
                "priority": PRIORITIES[number % 3], "due_date": format!("2030-01-{:02}", number % 28 + 1),
            });
            client.post(&user.tasks()).token(&user.token).json(&body).send()
        });
        for answer in together(calls.collect::<Vec<_>>()).await {
            all.insert(answer.expect(201).json()["id"].as_u64().unwrap());
        }
    }
    assert_eq!(all.len(), COUNT);

    let first = client.get(&user.tasks()).token(&user.token).send().await;
    assert!(first.expect(200).array().len() < COUNT, "one request reads at most 1 MB");
    assert!(first.next_page().is_some());

    for query in ORDERS.into_iter().flat_map(|order| [format!("?{order}"), format!("?{order}&limit=25")]) {
        let listed = ids(&client.list(&user, &query).await);
        assert_eq!(listed.len(), COUNT, "{query}: a task is lost or doubled");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), all, "{query}");
    }
    // What the filter leaves may be beyond the first megabyte: pages before it may be empty.
    let oldest = client.list(&user, "?q=large").await.last().unwrap().clone();
    let title = encode(oldest["title"].as_str().unwrap());
    let found = client.list(&user, &format!("?q={title}")).await;
    assert!(found.contains(&oldest), "{}", found.len());
    assert_eq!(client.list(&user, "?q=nothing+like+this").await, Vec::<Value>::new());
}
