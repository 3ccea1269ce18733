//! Errors as the plain dialect has them: RFC 9457.

use serde_json::{Value, json};

use super::Answer;

/// Checks an RFC 9457 body and gives it back.
#[track_caller]
pub fn assert_problem(answer: &Answer, status: u16, code: &str) -> Value {
    answer.expect(status);
    let line = &answer.line;
    let media_type = answer.header("content-type").unwrap_or_default();
    assert!(media_type.starts_with("application/problem+json"), "{line}: content-type `{media_type}`");
    let body = answer.json();
    let text = |member: &str| {
        let value = body[member].as_str().unwrap_or_else(|| panic!("{line}: `{member}` is not a string: {body}"));
        assert!(!value.trim().is_empty(), "{line}: `{member}` is empty: {body}");
        value.to_owned()
    };
    assert_eq!(text("code"), code, "{line}: {body}");
    assert_eq!(body["status"], json!(status), "{line}: {body}");
    text("type");
    text("title");
    text("request_id");
    let detail = text("detail");
    assert!(!detail.contains(['\n', '\r', '{', '}']), "{line}: `detail` is not one sentence: {detail}");

    let fixed = match code {
        "email_taken" => Some("Email already registered"),
        "invalid_credentials" => Some("Invalid email or password"),
        "account_disabled" => Some("Account is disabled"),
        "user_not_found" => Some("User not found"),
        "access_denied" => Some("Access denied to this resource"),
        "task_not_found" => Some("Task not found"),
        "not_authenticated" => Some("Could not validate credentials"),
        _ => None,
    };
    if let Some(fixed) = fixed {
        assert_eq!(detail, fixed, "{line}");
    }
    if code == "not_authenticated" {
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{line}");
    }
    if code == "validation_failed" {
        assert!(body["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{line}: {body}");
    }
    body
}

/// Checks a 422 that names exactly these pointers.
#[track_caller]
pub fn assert_invalid(answer: &Answer, pointers: &[&str]) {
    let body = assert_problem(answer, 422, "validation_failed");
    let mut named: Vec<&str> = Vec::new();
    for error in body["errors"].as_array().unwrap() {
        named.push(error["pointer"].as_str().unwrap_or_else(|| panic!("no pointer: {body}")));
        assert!(error["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "no detail: {body}");
    }
    named.sort_unstable();
    let mut expected = pointers.to_vec();
    expected.sort_unstable();
    assert_eq!(named, expected, "{}: {body}", answer.line);
}

/// A body without what differs from request to request.
#[track_caller]
pub fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.json();
    let members = body.as_object_mut().unwrap();
    assert!(members.remove("request_id").is_some(), "{}", answer.line);
    body
}
