//! The functions of CloudFront: the rules in them are those of the web application, and the template has them word for word.
//! What they answer is tested by `node --test infra/cloudfront/`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test says what it expects by panicking when it does not hold"
)]

#[path = "common/generated.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod generated;

use std::fs;

use generated::hold_block;
use serde_json::Value;

fn read(file: &str) -> String {
    fs::read_to_string(format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// One test, because the template has what the first half may have written.
#[test]
fn the_rules_of_the_web_application_are_in_the_function_and_the_functions_in_the_template() {
    let rules: Value = serde_json::from_str(&read("frontend/src/lib/routes.json")).unwrap();
    hold_block("infra/cloudfront/page-request.js", "rules", &format!("var rules = {rules};"));

    for name in ["api-request", "page-request", "page-response"] {
        let indented = |line: &str| if line.is_empty() { String::new() } else { format!("        {line}") };
        let code: Vec<_> = read(&format!("infra/cloudfront/{name}.js")).lines().map(indented).collect();
        hold_block("template.yaml", name, &format!("      FunctionCode: |\n{}", code.join("\n")));
    }
}
