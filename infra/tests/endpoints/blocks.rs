//! What is written elsewhere of each endpoint: the functions and throttles of `template.yaml`, the router of
//! `cargo lambda watch`, the binaries of `functions/Cargo.toml`.

use std::collections::{BTreeMap, BTreeSet};

use functions::{Endpoint, ROUTED, WITHOUT_SECRET, endpoints};
use infra::template::DEFAULT;

use crate::{case::outcomes, generated::hold_block};

/// What a function was seen to ask of the store: an action and a table each.
pub fn needs(function: &str) -> BTreeSet<(String, String)> {
    let own = outcomes().iter().filter(|outcome| outcome.function == function);
    own.flat_map(|outcome| outcome.calls.iter().flat_map(|call| call.needs.iter().cloned())).collect()
}

#[test]
fn the_template_has_each_function_with_its_route_its_memory_and_the_rights_that_it_was_seen_to_need() {
    let complaints: Vec<_> = outcomes().iter().filter_map(|outcome| outcome.complaint.as_ref()).collect();
    assert!(complaints.is_empty(), "rights are measured where all requests are answered as they should be");
    let functions: Vec<_> = endpoints().map(function).collect();
    hold_block("template.yaml", "functions", &functions.join("\n"));
}

#[test]
fn the_template_throttles_the_routes_that_hash() {
    let settings = ROUTED.iter().filter_map(|endpoint| {
        let rate = endpoint.class.requests_per_second()?;
        let (route, burst) = (route_key(endpoint), 2 * rate);
        Some(format!(
            "        {route}:\n          ThrottlingRateLimit: {rate}\n          ThrottlingBurstLimit: {burst}\n"
        ))
    });
    hold_block("template.yaml", "throttles", &settings.collect::<String>());
}

#[test]
fn cargo_lambda_watch_routes_to_each_function() {
    let routes = endpoints().map(|Endpoint { name, method, path, .. }| match *path {
        DEFAULT => format!("    {{ path = \"/{{*path}}\", function = \"{name}\" }},\n"),
        _ => format!("    {{ path = \"{path}\", methods = [\"{method}\"], function = \"{name}\" }},\n"),
    });
    hold_block("Cargo.toml", "router", &routes.collect::<String>());
}

#[test]
fn each_function_is_a_binary_without_tests() {
    let binaries: Vec<_> =
        endpoints().map(|Endpoint { name, .. }| format!("[[bin]]\nname = \"{name}\"\ntest = false\n")).collect();
    hold_block("functions/Cargo.toml", "binaries", &binaries.join("\n"));
}

fn route_key(endpoint: &Endpoint) -> String {
    format!("{} {}", endpoint.method, endpoint.path)
}

/// The resource of a function.
fn function(endpoint: &Endpoint) -> String {
    let Endpoint { name, method, path, class, .. } = endpoint;
    let mut resource = format!(
        "  {}:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: rust-cargolambda
      BuildProperties:
        Binary: {name}
    Properties:
",
        logical_id(name)
    );
    if let Some(megabytes) = class.memory_mb() {
        resource += &format!("      MemorySize: {megabytes}\n");
    }
    if class.has_reserved_concurrency() {
        resource += "      ReservedConcurrentExecutions: \
                     !If [HasLoginReservedConcurrency, !Ref LoginReservedConcurrency, !Ref AWS::NoValue]\n";
    }
    if WITHOUT_SECRET.contains(name) {
        resource += "      Environment:
        Variables: { JWT_SECRET_KEY: !Ref AWS::NoValue, JWT_SECRET_KEY_PREVIOUS: !Ref AWS::NoValue }\n";
    }
    resource += &policies(name);
    let route = if *path == DEFAULT { String::new() } else { format!(", Method: {method}, Path: \"{path}\"") };
    resource
        + &format!(
            "      Events:
        Http:
          Type: HttpApi
          Properties: {{ ApiId: !Ref Api{route} }}
"
        )
}

/// A statement for each set of tables, with all that is done on them.
fn policies(function: &str) -> String {
    let mut tables_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (action, table) in needs(function) {
        tables_of.entry(action).or_default().insert(table);
    }
    let mut statements: BTreeMap<BTreeSet<String>, Vec<String>> = BTreeMap::new();
    for (action, tables) in tables_of {
        statements.entry(tables).or_default().push(action);
    }
    if statements.is_empty() {
        return String::new();
    }
    let statements = statements.into_iter().map(|(tables, actions)| {
        let tables: Vec<_> = tables.iter().map(|table| format!("!GetAtt {table}.Arn")).collect();
        format!(
            "            - Effect: Allow
              Action: [{}]
              Resource: [{}]
",
            actions.join(", "),
            tables.join(", ")
        )
    });
    format!("      Policies:\n        - Statement:\n{}", statements.collect::<String>())
}

/// `auth-sign-in-email` is `AuthSignInEmail`.
fn logical_id(name: &str) -> String {
    let capitalised = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    name.split('-').map(capitalised).collect()
}
