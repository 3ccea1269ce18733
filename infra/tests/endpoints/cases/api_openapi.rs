use serde_json::json;

use super::{Case, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("description")
            .answers(200)
            .has(json!({"openapi": "3.1.0"}))
            .has_header("content-type", "application/json")
            .has_header("cache-control", "public, max-age=3600")
            .where_(|answer| assert_eq!(answer.text, include_str!("../../../../functions/openapi.json")))
            .costs_as("api-openapi"),
        on("description")
            .named("other-version-known")
            .with_header("if-none-match", "\"1\"")
            .answers(200)
            .has_header("cache-control", "public, max-age=3600"),
        on("description")
            .named("known")
            .with_header("if-none-match", "*")
            .answers(304)
            .has_header("cache-control", "public, max-age=3600")
            .where_(|answer| assert!(answer.text.is_empty() && answer.header("etag").is_some(), "{answer:?}")),
    ]
}
