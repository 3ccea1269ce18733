//! What holds for every body: JSON, its media type and its size.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::*;

/// 64 KiB
const MOST_BYTES: usize = 64 * 1024;

/// A route that reads a body, and one that it accepts.
struct Reader {
    method: Method,
    path: String,
    body: Value,
    success: u16,
}

impl Reader {
    async fn all(client: &Client) -> Vec<Reader> {
        let user = shared_user(client).await;
        let task = client.create_titled(user, "for bodies").await;
        let body = |body, success| (body, success);
        [
            (Method::POST, "/api/auth/signup".to_owned(), body(json!({"email": "", "password": PASSWORD}), 201)),
            (Method::POST, "/api/auth/login".to_owned(), body(json!({"email": user.email, "password": PASSWORD}), 200)),
            (Method::POST, user.tasks(), body(json!({"title": "from a body"}), 201)),
            (Method::PUT, user.task(&task["id"]), body(json!({"title": "from a body"}), 200)),
        ]
        .into_iter()
        .map(|(method, path, (body, success))| Reader { method, path, body, success })
        .collect()
    }

    /// A body that succeeds, once: a sign-up takes its address.
    fn body(&self) -> Value {
        let mut body = self.body.clone();
        if self.path.ends_with("signup") {
            body["email"] = json!(unique_email());
        }
        body
    }

    async fn call(&self, client: &Client) -> Call {
        client.request(self.method.clone(), &self.path).token(&shared_user(client).await.token)
    }

    async fn send(&self, client: &Client, media_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.call(client).await.text(media_type, body).send().await
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_malformed() {
    let client = Client::new();
    let nested = "[".repeat(30_000);
    let nested_member = format!("{{\"title\": {nested}");
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    for reader in Reader::all(&client).await {
        for body in [
            "",
            " ",
            "\n",
            "nope",
            "{",
            "}",
            "{]",
            "[",
            "{\"title\"",
            "{\"title\":",
            "{\"title\":}",
            "{\"title\": \"x\"",
            "{\"title\": \"x\",}",
            "{title: \"x\"}",
            "{'title': 'x'}",
            "{\"title\": \"x\"} x",
            "{\"title\": \"x\"}{}",
            "{\"title\": NaN}",
            "{\"title\": undefined}",
            "{\"title\": 01}",
            "{\"title\": .5}",
            "{\"title\": \"\\x\"}",
            "{\"title\": \"\\u12\"}",
            "{\"title\": \"line\nbreak\"}",
            "{\"title\": \"nul\u{0}\"}",
            "// {}\n{}",
            "title=x",
            "<title>x</title>",
            "True",
            "\"unterminated",
            "\u{0}",
            &nested,
            &nested_member,
            &deep,
        ] {
            let answer = reader.send(&client, "application/json", body).await;
            let shown: String = body.chars().take(60).collect();
            assert_eq!(answer.status, 400, "{} {shown:?}: {}", reader.path, answer.shown());
            assert_problem(&answer, 400, "malformed_json");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_malformed() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        for bytes in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"] {
            let body = [b"{\"title\": \"", bytes, b"\", \"email\": \"", bytes, b"\"}"].concat();
            let call = reader.call(&client).await.text("application/json", body);
            let answer = call.send_to_gateway().await;
            if gateway().hands_over_any_bytes() {
                assert_problem(&answer, 400, "malformed_json");
            } else {
                assert!(answer.status >= 200, "{}", answer.status);
            }
        }
    }
}

#[tokio::test]
async fn json_that_is_no_object_is_invalid() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        for body in ["[]", "[{\"title\": \"x\"}]", "null", "true", "0", "-1.5", "\"x\"", "\"\""] {
            assert_problem(&reader.send(&client, "application/json", body).await, 422, "validation_failed");
        }
    }
}

#[tokio::test]
async fn json_may_be_spaced_and_escaped_in_any_way() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for body in
        ["\r\n\t {\r\n\t \"title\" \n:\t\"\\u0041\\ud83e\\udd80\\/\\\"\" } \n\n", "{\"\\u0074itle\":\"A🦀/\\\"\"}"]
    {
        let answer = client.post(&user.tasks()).token(&user.token).text("application/json", body).send().await;
        assert_eq!(answer.expect(201).json()["title"], "A🦀/\"");
    }
}

#[tokio::test]
async fn of_a_member_given_twice_the_last_counts() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for (body, title) in [
        (r#"{"title": "first", "title": "last"}"#, Some("last")),
        (r#"{"title": " ", "title": "fine"}"#, Some("fine")),
        (r#"{"title": 1e400, "title": "fine"}"#, Some("fine")),
        // No way around a check: what is checked is what is kept.
        (r#"{"title": "fine", "title": " "}"#, None),
        (r#"{"title": "fine", "\u0074itle": null}"#, None),
    ] {
        let answer = client.post(&user.tasks()).token(&user.token).text("application/json", body).send().await;
        match title {
            Some(title) => assert_eq!(answer.expect(201).json()["title"], title, "{body}"),
            None => assert_invalid(&answer, &["/title"]),
        }
    }
}

#[tokio::test]
async fn what_the_parser_of_javascript_takes_is_taken() {
    let client = Client::new();
    let digits = "9".repeat(10_000);
    for reader in Reader::all(&client).await {
        let with = |unknown: &str| {
            let body = reader.body().to_string();
            format!("{},\"unknown\":{unknown}}}", body.strip_suffix('}').unwrap())
        };
        let mut bodies = vec![format!("\u{feff}{}", reader.body()), format!("\u{feff} \n{}", reader.body())];
        for unknown in [
            "1e400",
            "-1E+400",
            "[1e-400, {\"a\": 123456789012345678901234567890.5e+9999}]",
            &digits,
            "\"\\ud83d\"",
            "{\"\\udc00\": \"\\\\\\ud800\\u0041\"}",
        ] {
            bodies.push(with(unknown));
        }
        for body in bodies {
            let answer = reader.send(&client, "application/json", body.as_str()).await;
            let shown: String = body.chars().take(100).collect();
            assert_eq!(answer.status, reader.success, "{} {shown:?}: {}", reader.path, answer.shown());
        }
    }
}

#[tokio::test]
async fn half_a_surrogate_pair_reads_as_a_replacement_character() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for (title, read) in [
        ("a\\ud83d", "a\u{fffd}"),
        ("\\ude00a", "\u{fffd}a"),
        ("\\ud83d\\ude00\\ud83d", "\u{1f600}\u{fffd}"),
        ("\\\\ud83d", "\\ud83d"),
    ] {
        let body = format!("{{\"title\": \"{title}\"}}");
        let answer = client.post(&user.tasks()).token(&user.token).text("application/json", body).send().await;
        assert_eq!(answer.expect(201).json()["title"], read, "{title}");
    }
}

#[tokio::test]
async fn a_body_is_nested_at_most_128_levels_deep() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        let nested = |levels: usize| {
            let body = reader.body().to_string();
            let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
            format!("{},\"unknown\":{open}{close}}}", body.strip_suffix('}').unwrap())
        };
        for levels in [126, 127, 128] {
            reader.send(&client, "application/json", nested(levels)).await.expect(reader.success);
        }
        for levels in [129, 130, 10_000] {
            let answer = reader.send(&client, "application/json", nested(levels)).await;
            let problem = assert_problem(&answer, 400, "malformed_json");
            assert!(problem["detail"].as_str().unwrap().contains("128 levels"), "{problem}");
        }
    }
}

#[tokio::test]
async fn an_empty_body_is_called_empty() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        for body in ["", " ", "\r\n\t", "\u{feff}"] {
            let problem = assert_problem(&reader.send(&client, "application/json", body).await, 400, "malformed_json");
            assert!(problem["detail"].as_str().unwrap().contains("is empty"), "{body:?}: {problem}");
        }
    }
}

#[tokio::test]
async fn malformed_json_is_located_and_never_quoted() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        for (body, place) in [
            ("{\"password\": \"hunter22\",\n  hunter22}", "line 2 column 3"),
            ("{\"a\": \"\\ud800\", \"b\": 1e400, hunter22}", "line 1 column 29"),
        ] {
            let answer = reader.send(&client, "application/json", body).await;
            let problem = assert_problem(&answer, 400, "malformed_json");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(place) && !detail.contains("hunter22"), "{detail}");
        }
    }
}

#[tokio::test]
async fn a_coded_body_is_refused() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        let call = async |coding: &str| {
            let body = reader.body().to_string();
            let call = reader.call(&client).await.text("application/json", body);
            call.header("content-encoding", coding).send().await
        };
        for coding in ["gzip", "GZIP", "br", "deflate", "zstd", "identity, gzip", "x-nonsense"] {
            let answer = call(coding).await;
            let problem = assert_problem(&answer, 415, "unsupported_media_type");
            assert!(problem["detail"].as_str().unwrap().contains("Content-Encoding"), "{problem}");
            assert_eq!(answer.header("accept-encoding"), Some("identity"), "RFC 9110, section 15.5.16");
        }
        for coding in ["identity", "Identity"] {
            call(coding).await.expect(reader.success);
        }
    }
    // Without a body there is nothing that could be coded.
    let user = shared_user(&client).await;
    client.get(&user.tasks()).token(&user.token).header("content-encoding", "gzip").send().await.expect(200);
}

#[tokio::test]
async fn a_nested_value_in_an_unknown_member_is_ignored() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        let mut body = reader.body();
        body["unknown"] = json!({"a": [{"b": [[[[{"c": null}]]]]}], "d": [1, 2.5, "x", true]});
        reader.send(&client, "application/json", body.to_string()).await.expect(reader.success);
    }
}

#[tokio::test]
async fn a_number_of_any_size_is_only_a_wrong_type() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let digits = "9".repeat(10_000);
    for number in ["1e400", "-1e400", "1e-400", "18446744073709551616", "0.1e1", "-0", &digits] {
        let call = client.post(&user.tasks()).token(&user.token);
        let answer = call.text("application/json", format!("{{\"title\": {number}}}")).send().await;
        assert_invalid(&answer, &["/title"]);
    }
}

#[tokio::test]
async fn the_media_type_is_json_in_any_case_with_any_parameters() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        for media_type in [
            "application/json",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "APPLICATION/JSON",
            "Application/Json ; Charset=\"utf-8\"",
            "application/json; profile=\"x;y\"",
        ] {
            let answer = reader.send(&client, media_type, reader.body().to_string()).await;
            assert_eq!(answer.status, reader.success, "{media_type}: {}", answer.shown());
        }
    }
}

#[tokio::test]
async fn another_media_type_or_none_is_unsupported() {
    // A form of another origin can send these without a preflight, so they must not pass as JSON.
    let client = Client::new();
    for reader in Reader::all(&client).await {
        for media_type in [
            "text/plain",
            "text/plain; charset=utf-8",
            "text/plain; application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "text/html",
            "application/octet-stream",
            "json",
            "application/jsonp",
            "application/jsonx",
            "application",
            "application/json, text/plain",
            "*/*",
            "application/*",
            "application/ json",
            "x/application/json",
            "nonsense",
            "",
        ] {
            let answer = reader.send(&client, media_type, reader.body().to_string()).await;
            assert_eq!(answer.status, 415, "{media_type:?}: {}", answer.shown());
            assert_problem(&answer, 415, "unsupported_media_type");
        }
        let answer = reader.call(&client).await.bytes(reader.body().to_string()).send().await;
        assert_problem(&answer, 415, "unsupported_media_type");
    }
}

#[tokio::test]
async fn a_body_has_at_most_64_kibibytes() {
    let client = Client::new();
    for reader in Reader::all(&client).await {
        // Filled with spaces, and with a member that is ignored.
        let spaces = |size: usize| {
            let body = reader.body().to_string();
            format!("{body}{}", " ".repeat(size - body.len()))
        };
        let member = |size: usize| {
            let mut body = reader.body();
            body["unknown"] = json!("");
            let bare = body.to_string().len();
            body["unknown"] = json!("x".repeat(size - bare));
            body.to_string()
        };
        for body in [spaces(MOST_BYTES), member(MOST_BYTES), spaces(MOST_BYTES - 1)] {
            assert!(body.len() <= MOST_BYTES);
            reader.send(&client, "application/json", body).await.expect(reader.success);
        }
        for body in [spaces(MOST_BYTES + 1), member(MOST_BYTES + 1), member(1024 * 1024), "[".repeat(MOST_BYTES + 1)] {
            assert_problem(&reader.send(&client, "application/json", body).await, 413, "body_too_large");
        }
    }
}

#[tokio::test]
async fn the_size_of_a_body_counts_in_bytes() {
    let client = Client::new();
    let user = shared_user(&client).await;
    // 20,000 characters, 80,000 bytes.
    let body = json!({"title": "x", "unknown": "🦀".repeat(20_000)});
    assert_problem(&client.post(&user.tasks()).token(&user.token).json(&body).send().await, 413, "body_too_large");
    // The longest task there can be is well below.
    client.create(user, json!({"title": "🦀".repeat(200), "description": "🦀".repeat(5_000)})).await;
}
