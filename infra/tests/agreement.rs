//! What stands in several places says the same in all of them: the template, the router of `cargo lambda watch`, the binaries,
//! the endpoints, the events, the configuration.
//!
//! That each function is allowed exactly the calls that it makes is tested where the calls are made: in
//! `infra/tests/endpoints/policies.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test says what it expects by panicking when it does not hold"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use functions::worker::{
    StreamWorker,
    mail::{LEASE_SECONDS, MailWorker},
    purge::{PurgeWorker, QUIET_AFTER_SECONDS},
};
use infra::{
    mailbox::Mailbox,
    stack::template_path,
    template::{DEFAULT, Template},
};
use regex_lite::Regex;
use serde_json::Value;
use shared::{config::Config, domain::Origin};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn template() -> Template {
    Template::read(&template_path()).unwrap()
}

/// What cargo knows of the workspace.
fn workspace() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The names of the package's binaries.
fn binaries() -> BTreeSet<String> {
    let workspace = workspace();
    let packages = workspace["packages"].as_array().unwrap();
    let functions = packages.iter().find(|package| package["name"] == "functions").unwrap();
    let targets = functions["targets"].as_array().unwrap().iter();
    targets.filter(|target| target["kind"][0] == "bin").map(|target| text(&target["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The routes of the endpoints: method, path and function.
fn routes_of_endpoints() -> BTreeSet<(String, String, String)> {
    functions::endpoints()
        .map(|endpoint| (endpoint.method.to_owned(), endpoint.path.to_owned(), endpoint.name.to_owned()))
        .collect()
}

#[test]
fn the_template_serves_the_routes_of_the_endpoints() {
    let template = template();
    let routes = template.routes();
    let of_template: BTreeSet<_> =
        routes.map(|(route, function)| (route.method.clone(), route.path.clone(), function.binary.clone())).collect();
    assert_eq!(of_template, routes_of_endpoints());
}

#[test]
fn cargo_lambda_watch_serves_the_routes_of_the_endpoints() {
    let workspace = workspace();
    let router = workspace["metadata"]["lambda"]["watch"]["router"].as_array().unwrap();
    let of_router: BTreeSet<_> = router
        .iter()
        .flat_map(|route| {
            // Without methods, a route takes all of them.
            let methods =
                route["methods"].as_array().map_or(vec!["ANY".to_owned()], |all| all.iter().map(text).collect());
            // The router's route of last resort is one that matches every path.
            let path = if route["path"] == "/{*path}" { DEFAULT.to_owned() } else { text(&route["path"]) };
            methods.into_iter().map(move |method| (method, path.clone(), text(&route["function"])))
        })
        .collect();
    assert_eq!(of_router, routes_of_endpoints());
}

#[test]
fn every_function_that_requests_start_has_an_event_to_be_measured_with() {
    let template = template();
    let measured: Vec<_> = template.functions.values().filter(|function| !function.routes.is_empty()).collect();
    assert!(measured.len() > 30, "{}", measured.len());
    for function in measured {
        let directory = root().join("events").join(&function.binary);
        let events = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        let mut names = events.map(|event| event.unwrap().file_name().into_string().unwrap());
        assert!(names.any(|name| name.ends_with(".json")), "events/{} is empty", function.binary);
    }
}

/// The functions that no request starts.
const WORKERS: [&str; 2] = [MailWorker::<Mailbox>::NAME, PurgeWorker::NAME];

#[test]
fn template_binaries_endpoints_and_events_name_the_same_functions() {
    let of_template: BTreeSet<_> = template().functions.values().map(|function| function.binary.clone()).collect();
    let endpoints: BTreeSet<_> = functions::endpoints().map(|endpoint| endpoint.name.to_owned()).collect();
    let events: BTreeSet<_> = fs::read_dir(root().join("events"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(endpoints.len(), functions::endpoints().count(), "two endpoints have one name");
    assert_eq!(events, endpoints);
    let all: BTreeSet<_> = endpoints.into_iter().chain(WORKERS.map(str::to_owned)).collect();
    assert_eq!(of_template, all);
    assert_eq!(binaries(), all);
}

#[test]
fn each_function_has_a_route_or_a_stream_and_is_called_by_the_name_of_its_binary() {
    let template = template();
    for (id, function) in &template.functions {
        let name: String = function.binary.split('-').map(capitalised).collect();
        assert_eq!(*id, name);
        let is_worker = WORKERS.contains(&function.binary.as_str());
        assert_eq!((function.routes.is_empty(), template.sources.contains_key(id)), (is_worker, is_worker), "{id}");
    }
    for (function, table) in &template.sources {
        let stream = template.tables[table].stream_view_type.as_deref();
        assert_eq!(stream, Some("NEW_IMAGE"), "{function} reads what a row is after its change, from {table}");
    }
}

#[test]
fn a_letter_is_leased_for_longer_than_its_worker_may_run() {
    let timeout = template().functions["MailWorker"].timeout_seconds;
    assert!(timeout < u64::try_from(LEASE_SECONDS).unwrap());
}

#[test]
fn a_purge_ends_when_no_request_from_before_the_deletion_can_still_write() {
    let quiet_after = u64::try_from(QUIET_AFTER_SECONDS).unwrap();
    for (id, function) in template().functions.iter().filter(|(_, function)| !function.routes.is_empty()) {
        assert!(function.timeout_seconds < quiet_after, "{id}");
    }
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

#[test]
fn each_binary_runs_the_endpoint_of_its_name() {
    for binary in binaries() {
        let main = read(format!("functions/src/bin/{binary}.rs"));
        if let Some(worker) = binary.strip_suffix("-worker") {
            assert!(main.contains(&format!("functions::worker::{worker}::run()")), "{binary} runs something else");
            continue;
        }
        let (_, call) =
            main.split_once("functions::run(functions::").unwrap_or_else(|| panic!("{binary} runs nothing"));
        let (path, _) = call.split_once("::ENDPOINT)").unwrap();
        let file = root().join("functions/src").join(path.replace("::", "/"));
        let source = fs::read_to_string(file.with_extension("rs")).unwrap_or_else(|_| read(file.join("mod.rs")));
        assert!(source.contains(&format!("\"{binary}\"")), "{binary} runs {path}, which has another name");
        assert!(main.contains(&format!("`{binary}`")), "{binary} calls itself something else");
    }
}

/// Names of environment variables in quotes, outside of tests.
fn variables_in(file: &str) -> BTreeSet<String> {
    let source = read(file);
    let code = source.split("#[cfg(test)]").next().unwrap();
    let is_name = |text: &&str| {
        text.contains('_')
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    code.split('"').filter(is_name).map(str::to_owned).collect()
}

/// What Lambda sets for every function.
const SET_BY_LAMBDA: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_LEVEL",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];

/// What `sam local` sets beside that.
const SET_BY_SAM_LOCAL: &str = "AWS_SAM_LOCAL";

/// What the system may set wherever a program runs, and nobody needs to.
const SET_BY_THE_SYSTEM: &[&str] = &["SSL_CERT_DIR", "SSL_CERT_FILE"];

/// What no code of ours reads: what makes CloudFormation look the secret up again, and how the C library keeps memory.
const READ_BY_NOBODY: [&str; 2] = ["GLIBC_TUNABLES", "ORIGIN_SECRET_GENERATION"];

#[test]
fn the_template_declares_the_variables_that_the_code_reads_and_no_others() {
    let template = read("template.yaml");
    let (_, variables) = template.split_once("      Variables:\n").unwrap();
    // Deeper lines belong to the value above them.
    let lines = variables.lines().take_while(|line| line.starts_with("        ") || line.is_empty());
    let declared: BTreeSet<_> = lines
        .filter_map(|line| {
            line.strip_prefix("        ").filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        })
        .map(|line| line.split(':').next().unwrap().to_owned())
        .filter(|name| !READ_BY_NOBODY.contains(&name.as_str()))
        .collect();
    let files = ["config.rs", "config/mails.rs", "dynamodb/connect.rs", "dynamodb/regions.rs", "telemetry/mod.rs"];
    let files = files.map(|file| format!("shared/src/{file}"));
    let mut read: BTreeSet<_> = files.iter().flat_map(|file| variables_in(file)).collect();
    for name in SET_BY_LAMBDA.iter().chain(SET_BY_THE_SYSTEM).chain([&SET_BY_SAM_LOCAL]) {
        assert!(read.remove(*name), "nothing reads {name}");
    }
    assert_eq!(declared, read);
}

#[test]
fn tables_are_called_by_their_logical_ids_unless_the_environment_says_otherwise() {
    let secret = |name: &str| (name == "JWT_SECRET_KEY").then(|| "0123456789abcdef0123456789abcdef".to_owned());
    let defaults = Config::from_variables(secret).unwrap().tables;
    let template = template();
    let ids: BTreeSet<_> = template.tables.keys().map(String::as_str).collect();
    let debug = format!("{defaults:?}");
    let names: BTreeSet<_> = debug.split('"').skip(1).step_by(2).collect();
    assert_eq!(names, ids);
    for (id, function) in &template.functions {
        let variable = |name: &str| secret(name).or_else(|| function.environment.get(name).cloned());
        assert_eq!(Config::from_variables(variable).unwrap().tables, defaults, "{id}");
    }
}

#[test]
fn the_local_servers_have_one_configuration() {
    let local = read("infra/local.env");
    let local: BTreeMap<_, _> = local.lines().filter_map(|line| line.split_once('=')).collect();
    let sam: Value = serde_json::from_str(&read("infra/sam-local.json")).unwrap();
    let sam = sam["Parameters"].as_object().unwrap();
    for name in ["JWT_SECRET_KEY", "CORS_ORIGINS", "MAIL_FROM", "CHANGE_EMAIL", "DELETE_USER"] {
        assert_eq!(sam[name].as_str(), local.get(name).copied(), "{name}");
    }
    assert_eq!(local["JWT_SECRET_KEY"], Config::DEVELOPMENT_SECRET, "which Lambda refuses");
    assert!(Config::from_variables(|name| local.get(name).map(|value| (*value).to_owned())).is_ok());
    assert!(Config::from_variables(|name| sam.get(name).map(text)).is_ok());
    // `sam local` ignores what the template does not name.
    let template = read("template.yaml");
    for name in sam.keys() {
        assert!(template.contains(&format!("\n        {name}:")), "template.yaml does not name {name}");
    }
}

#[test]
fn browsers_may_do_what_the_api_offers() {
    let template = template();
    let cors = &template.cors;
    assert!(cors.allow_credentials);
    assert!(!cors.allow_origins.iter().any(|origin| origin == "*"), "credentials rule out any origin");
    let offered: BTreeSet<_> = template.routes().map(|(route, _)| route.method.as_str()).collect();
    let any = ["ANY", "$DEFAULT"];
    for method in offered.iter().filter(|method| !any.contains(*method)) {
        assert!(cors.allow_methods.iter().any(|allowed| allowed == method), "{method} is not allowed");
    }
    let has = |list: &[String], name: &str| list.iter().any(|entry| entry.eq_ignore_ascii_case(name));
    let of_tracing = ["traceparent", "tracestate", "baggage", "sentry-trace"];
    for header in
        ["authorization", "content-type", "if-match", "if-none-match", "idempotency-key"].iter().chain(&of_tracing)
    {
        assert!(has(&cors.allow_headers, header), "{header} may not be sent");
    }
    let answered = ["Link", "Location", "ETag", "set-auth-token", "set-auth-jwt", "x-retry-after", "Retry-After"];
    for header in answered.into_iter().chain(["Idempotency-Replayed"]) {
        assert!(has(&cors.expose_headers, header), "{header} may not be read");
    }
}

#[test]
fn rows_that_expire_have_the_attribute_that_dynamodb_looks_at() {
    let tables = template().tables;
    let expire: BTreeMap<_, _> =
        tables.iter().filter_map(|(id, table)| Some((id.as_str(), table.time_to_live.as_deref()?))).collect();
    for (id, attribute) in &expire {
        assert_eq!(*attribute, "expires_at", "{id}");
    }
    for id in ["Sessions", "Idempotency", "Outbox", "Deletions"] {
        assert!(expire.contains_key(id), "{id}");
    }
}

/// A pattern as CloudFormation applies it: to the whole value. What may not follow, `(?!…)`, stands at the beginning alone.
struct Pattern {
    refused: Vec<Regex>,
    taken: Regex,
}

impl Pattern {
    fn of(parameter: &str) -> Self {
        let template: serde_yaml_ng::Value = serde_yaml_ng::from_str(&read("template.yaml")).unwrap();
        let pattern = template["Parameters"][parameter]["AllowedPattern"].as_str().unwrap().to_owned();
        let mut rest = pattern.strip_prefix('^').unwrap();
        let mut refused = Vec::new();
        while let Some(ahead) = rest.strip_prefix("(?!") {
            let mut depth = 1;
            let end = ahead.find(|character| {
                depth += i32::from(character == '(') - i32::from(character == ')');
                depth == 0
            });
            let (inner, after) = ahead.split_at(end.unwrap());
            refused.push(Regex::new(&format!("^(?:{inner})")).unwrap());
            rest = after.strip_prefix(')').unwrap();
        }
        Self { refused, taken: Regex::new(&format!("^(?:{})$", rest.strip_suffix('$').unwrap())).unwrap() }
    }

    fn takes(&self, value: &str) -> bool {
        self.taken.is_match(value) && !self.refused.iter().any(|refused| refused.is_match(value))
    }
}

/// Whether the functions start with a variable.
fn starts_with(name: &str, value: &str) -> bool {
    let variables = [("JWT_SECRET_KEY", Config::DEVELOPMENT_SECRET), (name, value)];
    let variable = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Config::from_variables(variable).is_ok()
}

/// Origins and what is none, of every part that one has.
fn origins() -> Vec<String> {
    let schemes =
        ["http://", "https://", "HTTPS://", "capacitor://", "tauri://", "app+x-1.y://", "data://", "file://", "1a://"];
    let schemes = schemes.into_iter().chain(["://", "//", "", "https:", "https:/", "javascript://", "http s://"]);
    let hosts =
        ["localhost", "App.Example", "a.example", "a_b-c.example", "127.0.0.1", "[::1]", "[x]", "[::1", "::1", ":::"];
    let hosts = hosts.into_iter().chain([
        "",
        "*",
        "*.example.com",
        "a..example",
        ".example",
        "u@a.example",
        "a b",
        "b\u{fc}cher.example",
    ]);
    let ports =
        ["", ":", ":80", ":443", ":3000", ":65535", ":65536", ":99999", ":0", ":00080", ":+80", ":8o", ":80:80"];
    let ends = ["", "/", "//", "/app", "?x", "#x", "\\", "\"", "'", ";b", " ", "\n"];
    let hosts: Vec<_> = hosts.collect();
    let mut all = vec!["null".to_owned(), "*".to_owned(), "[\"http://localhost:3000\"]".to_owned(), "a;b".to_owned()];
    for scheme in schemes {
        for host in &hosts {
            for port in ports {
                all.extend(ends.map(|end| format!("{scheme}{host}{port}{end}")));
            }
        }
    }
    all
}

#[test]
fn the_template_takes_the_origins_that_the_functions_take_as_browsers_send_them() {
    let pattern = Pattern::of("CorsOrigins");
    let mut taken = 0;
    for text in origins() {
        // API Gateway forgives nothing, so the template takes only what it would match.
        let is_canonical = Origin::parse(&text).is_some_and(|origin| origin.as_str() == text);
        assert_eq!(pattern.takes(&text), is_canonical, "{text:?}");
        assert!(!is_canonical || starts_with("CORS_ORIGINS", &text), "{text:?}");
        taken += usize::from(is_canonical);
    }
    assert!(taken > 50, "{taken}");
}

#[test]
fn the_template_takes_the_same_addresses_and_domains_as_the_functions() {
    let base_url = Pattern::of("BaseUrl");
    for text in origins().iter().filter(|text| text.trim() == text.as_str() && !text.is_empty()) {
        assert_eq!(base_url.takes(text), starts_with("BASE_URL", text), "{text:?}");
    }
    let cookie_domain = Pattern::of("CookieDomain");
    for text in
        ["example.com", ".example.com", "..example.com", "Example.COM", "a.b.example.com", "a_b.example", "localhost"]
            .into_iter()
            .chain([
                "example.com.",
                "example..com",
                "127.0.0.1",
                "example.1",
                "1.example",
                "[::1]",
                "https://example.com",
            ])
            .chain([
                "example.com/",
                "example.com:80",
                "*.example.com",
                "example.com; Secure",
                "\"example.com\"",
                "a b.example",
            ])
    {
        assert_eq!(cookie_domain.takes(text), starts_with("COOKIE_DOMAIN", text), "{text:?}");
    }
    for pattern in [base_url, cookie_domain] {
        assert!(pattern.takes(""), "not set");
    }
    let headers = Pattern::of("CorsAllowHeaders");
    for (text, valid) in [
        ("traceparent", true),
        ("x-one,X_Two", true),
        ("", false),
        ("*", false),
        ("x-one,", false),
        (",x-one", false),
        ("x-one, x-two", false),
        ("x-one;x-two", false),
        ("x:one", false),
    ] {
        assert_eq!(headers.takes(text), valid, "{text:?}");
    }
}

#[test]
fn what_the_functions_are_measured_beside_is_built_like_them() {
    let profile = |manifest: &str| read(manifest).parse::<toml::Table>().unwrap()["profile"]["release"].clone();
    assert_eq!(profile("infra/benchmark/compare/Cargo.toml"), profile("Cargo.toml"));
}
