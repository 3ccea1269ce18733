//! The functions of CloudFront: the rules in them are those of the web application, and the template has them word for word.
//! What they answer is tested by `node --test infra/cloudfront/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    reason = "a test says what it expects by panicking when it does not hold"
)]

use std::{fs, path::PathBuf};

use serde_json::Value;

fn path(file: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(file)
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap()
}

/// Puts a text in place of what is between two marks, the first of which stays.
fn replaced(text: &str, after: &str, before: &str, new: &str) -> String {
    let start = text.find(after).unwrap_or_else(|| panic!("{after} is missing")) + after.len();
    let end = start + text[start..].find(before).unwrap_or_else(|| panic!("nothing ends what follows {after}"));
    format!("{}{new}{}", &text[..start], &text[end..])
}

/// Writes a file that is stale, and fails; in CI, it only fails.
fn hold(file: &str, expected: &str) {
    if read(file) == expected {
        return;
    }
    if std::env::var_os("CI").is_none() {
        fs::write(path(file), expected).unwrap();
    }
    panic!("{file} was stale and is written now; look at the difference and run again");
}

/// One test, because the template has what the first half may have written.
#[test]
fn the_rules_of_the_web_application_are_in_the_function_and_the_functions_in_the_template() {
    let rules: Value = serde_json::from_str(&read("frontend/src/lib/routes.json")).unwrap();
    let file = "infra/cloudfront/page-request.js";
    hold(file, &replaced(&read(file), "\nvar rules = ", ";\n", &rules.to_string()));

    let mut template = read("template.yaml");
    for name in ["api-request", "page-request", "page-response"] {
        let file = format!("infra/cloudfront/{name}.js");
        let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("        {line}\n") };
        let code: String = read(&file).lines().map(indented).collect();
        let after = format!("Comment: {file}\n        Runtime: cloudfront-js-2.0\n      FunctionCode: |\n");
        template = replaced(&template, &after, "\n  Site", &code);
    }
    hold("template.yaml", &template);
}
