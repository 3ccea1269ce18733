//! The local stack: how it starts, what it says when it cannot, and what it keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test says what it expects by panicking when it does not hold"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use infra::{
    demo,
    gateway::Gateway,
    stack::{Data, Options, Stack, local_variable, template_path},
    template::Template,
};
use reqwest::{Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use shared::App;
use tempfile::TempDir;

/// Why the stack does not start: one sentence.
async fn refusal(options: Options) -> String {
    let sentence = Stack::start(options).await.expect_err("the stack does not start").to_string();
    assert!(!sentence.contains('\n') && sentence.len() < 300, "{sentence}");
    sentence
}

fn taken_port() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn in_directory(directory: &Path) -> Options {
    Options { data: Data::Directory(directory.to_owned()), ..Options::default() }
}

async fn log_in(stack: &Stack, email: &str, password: &str) -> Response {
    let url = format!("{}/api/auth/login", stack.api_url());
    reqwest::Client::new().post(url).json(&json!({"email": email, "password": password})).send().await.unwrap()
}

#[tokio::test]
async fn a_port_in_use_is_named_with_the_option_for_another() {
    let (_listener, port) = taken_port();
    let sentence = refusal(Options { port, ..Options::default() }).await;
    assert!(
        sentence.contains(&format!("port {port} ")) && sentence.ends_with("choose another with --port"),
        "{sentence}"
    );
    let sentence = refusal(Options { dynamodb_port: port, ..Options::default() }).await;
    assert!(sentence.contains(&format!("port {port} ")) && sentence.ends_with("with --dynamodb-port"), "{sentence}");
}

#[tokio::test]
async fn an_address_of_another_machine_is_named_with_the_option_for_another() {
    // RFC 5737 keeps this address for documentation, so no machine has it.
    let dynamodb_host = Ipv4Addr::new(192, 0, 2, 1).into();
    let sentence = refusal(Options { dynamodb_host, ..Options::default() }).await;
    assert!(sentence.starts_with("192.0.2.1 ") && sentence.ends_with("with --dynamodb-host"), "{sentence}");
}

#[tokio::test]
async fn a_template_that_cannot_be_used_is_named_with_what_is_wrong() {
    let directory = TempDir::new().unwrap();
    let template = directory.path().join("template.yaml");
    let options = || Options { template: template.clone(), ..Options::default() };
    let sentence = refusal(options()).await;
    assert!(sentence.contains("template.yaml cannot be read"), "{sentence}");
    assert!(sentence.ends_with("run from the repository's root"), "{sentence}");
    for (text, what) in [
        ("a: [", "not valid YAML"),
        ("{}", "Resources"),
        ("Resources: {F: {Type: 'AWS::Serverless::Function'}}", "Binary"),
        ("Resources: {T: {Type: 'AWS::DynamoDB::Table', Properties: {}}}", "KeySchema"),
        (
            "Resources: {F: {Type: 'AWS::Serverless::Function', Metadata: {BuildProperties: {Binary: gone}}, Properties: \
             {Events: {Http: {Properties: {Method: GET, Path: /}}}}}}",
            "binary gone",
        ),
    ] {
        fs::write(&template, text).unwrap();
        let sentence = refusal(options()).await;
        assert!(sentence.contains(what), "{text}: {sentence}");
    }
}

#[tokio::test]
async fn data_in_use_is_not_shared() {
    let directory = TempDir::new().unwrap();
    let stack = Stack::start(in_directory(directory.path())).await.unwrap();
    let sentence = refusal(in_directory(directory.path())).await;
    assert!(sentence.contains("in use by another process") && sentence.contains("--data"), "{sentence}");
    stack.stop().await;
    Stack::start(in_directory(directory.path())).await.unwrap().stop().await;
}

#[tokio::test]
async fn data_that_cannot_be_opened_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let sentence = refusal(in_directory(&file)).await;
    assert!(sentence.contains("cannot be used") && sentence.contains("--data"), "{sentence}");

    let database = directory.path().join("dynamodb.sqlite");
    fs::write(&database, "this is no database, and long enough to be none for certain".repeat(20)).unwrap();
    let before = fs::read(&database).unwrap();
    let sentence = refusal(in_directory(directory.path())).await;
    assert!(sentence.contains("cannot be opened") && sentence.contains("--data"), "{sentence}");
    assert_eq!(fs::read(&database).unwrap(), before);
}

#[tokio::test]
async fn data_survives_a_restart() {
    let directory = TempDir::new().unwrap();
    let options = || Options { demo: true, ..in_directory(directory.path()) };
    let stack = Stack::start(options()).await.unwrap();
    let account = json!({"email": "ann@example.com", "password": "correct horse"});
    let client = reqwest::Client::new();
    let signed_up = client.post(format!("{}/api/auth/signup", stack.api_url())).json(&account).send().await.unwrap();
    assert_eq!(signed_up.status(), StatusCode::CREATED);
    let signed_up: Value = signed_up.json().await.unwrap();
    let tasks = format!("/api/{}/tasks", signed_up["user"]["id"].as_str().unwrap());
    let token = signed_up["access_token"].as_str().unwrap();
    let post =
        client.post(format!("{}{tasks}", stack.api_url())).bearer_auth(token).json(&json!({"title": "Buy milk"}));
    let task: Value = post.send().await.unwrap().json().await.unwrap();
    drop(client);
    stack.stop().await;

    // On other ports, hence with another origin: the access token is for the one before.
    let stack = Stack::start(options()).await.unwrap();
    let logged_in = log_in(&stack, "ann@example.com", "correct horse").await;
    assert_eq!(logged_in.status(), StatusCode::OK);
    let logged_in: Value = logged_in.json().await.unwrap();
    let token = logged_in["access_token"].as_str().unwrap();
    let get = reqwest::Client::new().get(format!("{}{tasks}", stack.api_url())).bearer_auth(token);
    let kept: Value = get.send().await.unwrap().json().await.unwrap();
    assert_eq!(kept, json!([task]));
    assert_eq!(log_in(&stack, demo::EMAIL, demo::PASSWORD).await.status(), StatusCode::OK, "the demo account as well");
    stack.stop().await;
}

#[tokio::test]
async fn the_store_can_run_alone() {
    let stack = Stack::start(Options { dynamodb_only: true, demo: true, ..Options::default() }).await.unwrap();
    assert_eq!((stack.api, stack.api_url().as_str()), (None, ""));
    let list = reqwest::Client::new()
        .post(stack.dynamodb_url())
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .header("content-type", "application/x-amz-json-1.0")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
        .header("x-amz-date", "20260101T000000Z")
        .body("{}");
    let tables: Value = list.send().await.unwrap().json().await.unwrap();
    let names: Vec<_> = tables["TableNames"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let template = Template::read(&template_path()).unwrap();
    assert_eq!(names, template.tables.keys().collect::<Vec<_>>());
    stack.stop().await;
}

#[tokio::test]
async fn a_stack_without_demo_has_no_account() {
    let stack = Stack::start(Options::default()).await.unwrap();
    assert_eq!(log_in(&stack, demo::EMAIL, demo::PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
    stack.stop().await;
}

#[tokio::test]
async fn the_gateway_takes_bodies_up_to_ten_megabytes() {
    let stack = Stack::start(Options::default()).await.unwrap();
    let send = async |bytes: usize| {
        let url = format!("{}/api/auth/login", stack.api_url());
        let request = reqwest::Client::new().post(url).header("content-type", "application/json");
        request.body(vec![b' '; bytes]).send().await.unwrap()
    };
    // What the gateway lets through is too much for the function, which says so itself.
    let by_function: Value = send(10 * 1024 * 1024).await.json().await.unwrap();
    assert_eq!(
        (&by_function["status"], &by_function["detail"]),
        (&json!(413), &json!("The request body must be at most 64 KiB long."))
    );
    let by_gateway = send(10 * 1024 * 1024 + 1).await;
    assert_eq!(by_gateway.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let by_gateway: Value = by_gateway.json().await.unwrap();
    assert_eq!(
        (&by_gateway["code"], &by_gateway["message"]),
        (&json!("body_too_large"), &json!("Request Entity Too Large"))
    );
    stack.stop().await;
}

/// Serves a template over the store of a stack, and gives its URL.
async fn serve(template: &str, stack: &Stack) -> String {
    let template = Template::parse(template).unwrap();
    let app = App::from_variables(|name| match name {
        "AWS_ENDPOINT_URL_DYNAMODB" => Some(stack.dynamodb_url()),
        name => local_variable(name),
    });
    let router = Gateway::new(&template, app.await.unwrap()).unwrap().into_router();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, service).await });
    url
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_answered_for_with_500() {
    let stack = Stack::start(Options { dynamodb_only: true, ..Options::default() }).await.unwrap();
    let url = serve(
        "Resources: {F: {Type: 'AWS::Serverless::Function', Metadata: {BuildProperties: {Binary: auth-login}}, \
         Properties: {Timeout: 0, Events: {Http: {Properties: {Method: POST, Path: /login}}}}}}",
        &stack,
    )
    .await;
    let account = json!({"email": demo::EMAIL, "password": demo::PASSWORD});
    let answer = reqwest::Client::new().post(format!("{url}/login")).json(&account).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["message"], &body["code"]), (&json!("Internal Server Error"), &json!("internal")));
    stack.stop().await;
}

/// The mails to an address, once there are as many as that.
async fn mails(stack: &Stack, to: &str, count: usize) -> Vec<Value> {
    let url = format!("{}/_local/mail.json?to={to}", stack.api_url());
    for _ in 0..600 {
        let mails: Vec<Value> = reqwest::get(&url).await.unwrap().json().await.unwrap();
        if mails.len() >= count {
            return mails;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{count} mails to {to} do not arrive");
}

#[tokio::test]
async fn mail_arrives_in_the_mailbox_and_its_link_leads_back() {
    let directory = TempDir::new().unwrap();
    let options = || Options { demo: true, ..in_directory(directory.path()) };
    let stack = Stack::start(options()).await.unwrap();
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let url = format!("{}/api/auth/request-password-reset", stack.api_url());
    let body = json!({"email": demo::EMAIL, "redirectTo": "/reset"});
    let asked = client.post(url).header("origin", stack.api_url()).json(&body).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    let mail = mails(&stack, demo::EMAIL, 1).await.remove(0);
    let link = mail["url"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/api/auth/reset-password/", stack.api_url())), "{link}");
    assert!(mail["text"].as_str().unwrap().contains(link));
    let followed = client.get(link).send().await.unwrap();
    assert_eq!(followed.status(), StatusCode::FOUND);
    let location = followed.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(&format!("{}/reset?token=", stack.api_url())), "{location}");
    let page = reqwest::get(format!("{}/_local/mail", stack.api_url())).await.unwrap().text().await.unwrap();
    assert!(page.contains(mail["subject"].as_str().unwrap()), "{page}");
    drop(client);
    stack.stop().await;

    // What was sent stays, and is not sent again.
    let stack = Stack::start(options()).await.unwrap();
    let client = reqwest::Client::new();
    let url = format!("{}/api/auth/request-password-reset", stack.api_url());
    client.post(url).header("origin", stack.api_url()).json(&json!({"email": demo::EMAIL})).send().await.unwrap();
    assert_eq!(mails(&stack, demo::EMAIL, 2).await.len(), 2);
    drop(client);
    stack.stop().await;
}

/// What `cargo run` starts, until this is dropped.
struct Program {
    child: Child,
    /// Where the API is.
    url: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// Starts it with variables in its environment; else gives what it says.
    fn start(data: &Path, variables: &[(&str, &str)]) -> Result<Self, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_local"));
        command.args(["--port", "0", "--dynamodb-port", "0", "--data"]).arg(data);
        command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        match output.find_map(|line| line.strip_prefix("ready ").map(str::to_owned)) {
            Some(url) => Ok(Self { child, url }),
            None => {
                let mut said = String::new();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                assert!(!child.wait().unwrap().success(), "{said}");
                Err(said)
            }
        }
    }

    fn post(&self, path: &str, body: &Value) -> reqwest::RequestBuilder {
        reqwest::Client::new().post(format!("{}{path}", self.url)).json(body)
    }

    /// Signs the demo account in, and gives header and claims of the access token, which opens a route.
    async fn log_in(&self) -> (Value, Value) {
        let account = json!({"email": demo::EMAIL, "password": demo::PASSWORD});
        let answer = self.post("/api/auth/login", &account).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let body: Value = answer.json().await.unwrap();
        let token = body["access_token"].as_str().unwrap();
        let me = reqwest::Client::new().get(format!("{}/api/auth/me", self.url)).bearer_auth(token);
        assert_eq!(me.send().await.unwrap().status(), StatusCode::OK);
        let header = serde_json::to_value(jsonwebtoken::decode_header(token).unwrap()).unwrap();
        (header, jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims)
    }
}

#[tokio::test]
async fn the_program_takes_every_variable_of_the_functions_also_over_data_made_with_others() {
    const OWN: (&str, &str) = ("JWT_SECRET_KEY", "a-secret-of-ones-own-0123456789-x");
    let directory = TempDir::new().unwrap();
    let start = |variables: &[(&str, &str)]| Program::start(directory.path(), variables).unwrap();
    start(&[]).log_in().await;
    start(&[OWN]).log_in().await;
    start(&[("JWT_SECRET_KEY", "the-secret-after-the-rotation-0123"), ("JWT_SECRET_KEY_PREVIOUS", OWN.1)])
        .log_in()
        .await;

    let (header, claims) = start(&[OWN, ("JWT_ALGORITHM", "HS256")]).log_in().await;
    assert_eq!((&header["alg"], claims.get("aud")), (&json!("HS256"), None));
    let (_, claims) = start(&[("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "5")]).log_in().await;
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);

    let stack = start(&[("BASE_URL", "https://API.example.com:443/"), ("COOKIE_DOMAIN", "example.com")]);
    assert_eq!(stack.log_in().await.1["iss"], "https://api.example.com");
    let account = json!({"email": demo::EMAIL, "password": demo::PASSWORD});
    let sign_in = stack.post("/api/auth/sign-in/email", &account).header("origin", "https://api.example.com");
    let answer = sign_in.send().await.unwrap();
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert!(
        cookies
            .iter()
            .any(|it| it.starts_with("__Secure-better-auth.session_token=") && it.contains("Domain=example.com")),
        "{cookies:?}"
    );

    drop(stack);

    let tables = ["USERS_TABLE", "CREDENTIALS_TABLE", "SESSIONS_TABLE", "TASKS_TABLE", "IDEMPOTENCY_TABLE"];
    start(&tables.map(|name| (name, name))).log_in().await;
}

#[tokio::test]
async fn the_program_answers_preflights_for_the_origins_and_headers_that_it_is_given() {
    let directory = TempDir::new().unwrap();
    let stack = Program::start(
        directory.path(),
        &[("CORS_ORIGINS", "capacitor://localhost,https://App.Example:443/"), ("CORS_ALLOW_HEADERS", "x-one, X-Two")],
    )
    .unwrap();
    stack.log_in().await;
    for (origin, allowed) in
        [("capacitor://localhost", true), ("https://app.example", true), ("http://localhost:3000", false)]
    {
        let url = format!("{}/api/auth/login", stack.url);
        let preflight = reqwest::Client::new().request(reqwest::Method::OPTIONS, url).header("origin", origin);
        let answer = preflight.header("access-control-request-method", "POST").send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_lowercase());
        assert_eq!(header("access-control-allow-origin").as_deref(), allowed.then_some(origin));
        if allowed {
            let headers = header("access-control-allow-headers").unwrap();
            let headers: Vec<_> = headers.split(',').collect();
            for name in ["authorization", "content-type", "if-match", "x-one", "x-two"] {
                assert!(headers.contains(&name), "{name} in {headers:?}");
            }
            assert!(!headers.contains(&"traceparent"), "{headers:?}");
        }
    }
}

#[test]
fn the_program_says_in_one_sentence_which_variable_to_change() {
    let directory = TempDir::new().unwrap();
    for (variable, value, what) in [
        ("JWT_SECRET_KEY", "short", "at least 32 characters"),
        ("JWT_SECRET_KEY_PREVIOUS", "short", "at least 32 characters"),
        ("JWT_ALGORITHM", "RS256", "EdDSA or HS256"),
        ("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "1.5", "a whole number of minutes"),
        ("CORS_ORIGINS", "https://a.example/app", "\"https://a.example/app\""),
        ("CORS_ORIGINS", "[\"http://localhost:3000\"]", "no origin"),
        ("CORS_ORIGINS", "https://*.example.com", "no origin"),
        ("CORS_ALLOW_HEADERS", "x-one;x-two", "\"x-one;x-two\""),
        ("BASE_URL", "https://:::", "https://api.example.com"),
        ("COOKIE_DOMAIN", "example.com", "browsers drop any other"),
    ] {
        let said = Program::start(directory.path(), &[(variable, value)]).err().expect(variable);
        assert!(said.starts_with("error: ") && said.trim_end().lines().count() == 1, "{said}");
        assert!(said.contains(variable) && said.contains(what), "{said}");
    }
}
