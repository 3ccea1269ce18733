//! What may stand where a task id or a user id stands in a path.

use reqwest::Method;
use serde_json::json;

use crate::harness::*;

#[tokio::test]
async fn whatever_is_not_the_plain_number_of_a_task_is_not_found() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let created = client.create(user, json!({"title": "the only real one"})).await;
    let id = created.json()["id"].to_string();
    let forms = [
        // No numbers.
        "abc",
        "null",
        "undefined",
        "NaN",
        "Infinity",
        "true",
        "[object%20Object]",
        "me",
        "%E2%9C%93",
        "%00",
        "%0A",
        // Numbers that no task has.
        "0",
        "-0",
        "-1",
        "1",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "340282366920938463463374607431768211456",
        // Other notations.
        "1.0",
        "1e3",
        "0x1F",
        "1_000",
        "1,000",
        "%D9%A3",
        "%EF%BC%91",
    ];
    let mut forms: Vec<String> = forms.into_iter().map(str::to_owned).collect();
    forms.push("9".repeat(39));
    forms.push("9".repeat(1_000));
    // The real id in a dress.
    for dressed in
        ["0ID", "00000ID", "+ID", "-ID", "ID.0", "IDe0", "%20ID", "ID%20", "ID%00", "ID%0A", "ID;x=1", "ID,ID"]
    {
        forms.push(dressed.replace("ID", &id));
    }
    for form in &forms {
        for route in task_routes(&user.id, form).into_iter().skip(2) {
            assert_problem(&client.route(route).token(&user.token).send().await, 404, "task_not_found");
        }
    }
    assert_eq!(client.fetch(user, &created.json()["id"]).await.etag(), created.etag(), "no form reached the real task");
}

#[tokio::test]
async fn a_percent_encoded_id_means_the_same_task_or_none() {
    // RFC 3986, section 6.2.2.2 calls the two spellings equivalent; gateways differ.
    let client = Client::new();
    let user = shared_user(&client).await;
    let task = client.create_titled(user, "spelled otherwise").await;
    let spelled: String = task["id"].to_string().bytes().map(|digit| format!("%{digit:02X}")).collect();
    let answer = client.get(&format!("{}/{spelled}", user.tasks())).token(&user.token).send().await;
    if answer.status == 200 {
        assert_eq!(answer.json(), task);
    } else {
        assert_problem(&answer, 404, "task_not_found");
    }
    let first = user.id.as_bytes()[0];
    let path = format!("/api/%{first:02X}{}/tasks/{}", &user.id[1..], task["id"]);
    let answer = client.get(&path).token(&user.token).send().await;
    if answer.status == 200 {
        assert_eq!(answer.json(), task);
    } else {
        assert_problem(&answer, 403, "access_denied");
    }
}

#[tokio::test]
async fn a_path_that_is_not_text_is_refused() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for segment in
        ["%FF", "%C3%28", "%ED%A0%80", "%", "%2", "%zz", "%2F", "1%2Fcomplete", "%2e%2e%2f1", "%5C", "..%5C1"]
    {
        for method in [Method::GET, Method::DELETE] {
            let path = format!("{}/{segment}", user.tasks());
            let answer = client.request(method, &path).token(&user.token).send_to_gateway().await;
            answer.expect_refusal();
        }
        let path = format!("/api/{segment}/tasks");
        client.get(&path).token(&user.token).send_to_gateway().await.expect_refusal();
    }
}

#[tokio::test]
async fn only_the_exact_id_of_the_caller_opens_a_path() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let id = &user.id;
    let forms = vec![
        "me".to_owned(),
        "0".to_owned(),
        "null".to_owned(),
        "undefined".to_owned(),
        "-".to_owned(),
        "*".to_owned(),
        "%20".to_owned(),
        "%00".to_owned(),
        format!("{id}x"),
        format!("x{id}"),
        id[1..].to_owned(),
        id[..id.len() - 1].to_owned(),
        format!("{id}%20"),
        format!("%20{id}"),
        format!("{id}%00"),
        format!("{id},{id}"),
        id.replace('-', ""),
        format!("{{{id}}}"),
        format!("urn:uuid:{id}"),
        "a".repeat(1_000),
    ];
    for form in forms {
        for route in task_routes(&form, "1") {
            assert_problem(&client.route(route).token(&user.token).send().await, 403, "access_denied");
        }
    }
}

#[tokio::test]
async fn the_case_of_the_callers_id_does_not_matter() {
    let client = Client::new();
    let user = client.sign_up().await;
    let upper = User { id: user.id.to_uppercase(), ..user.clone() };
    let task = client.create_titled(&user, "found by either").await;
    assert_eq!(client.fetch(&upper, &task["id"]).await.json(), task);
    for route in task_routes(&upper.id, &task["id"].to_string()) {
        let answer = client.route(route).token(&user.token).send().await;
        answer.expect_one_of(&[200, 201]);
    }
    // A key and a cursor are the user's, however the path spells them.
    let create = |user: &User| {
        let call = client.post(&user.tasks()).token(&user.token).header("idempotency-key", "one-key");
        call.json(&json!({"title": "made once"}))
    };
    let made = create(&upper).send().await.expect(201).json();
    assert_eq!(create(&user).send().await.expect(201).json(), made);
    assert_eq!(client.list(&upper, "?limit=1").await.len(), 2);
    let first = client.get(&format!("{}?limit=1", upper.tasks())).token(&user.token).send().await;
    let mut next = first.next_page().unwrap();
    next.set_path(&user.tasks());
    client.request_url(Method::GET, next).token(&user.token).send().await.expect(200);
}
