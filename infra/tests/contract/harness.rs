//! What every test needs: where the API is, a client that checks what holds for all answers, users and tasks.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use infra::stack::{Options, Stack};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// The password of every user that does not test passwords. No answer may ever contain it.
pub const PASSWORD: &str = "correct horse battery staple";

/// 2^53 - 1, the largest integer that JavaScript keeps exact.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// What turns HTTP into events. Some answers are the gateway's own, and gateways differ.
///
/// This type is the one place that knows the differences. A test about such an answer asks here and asserts what
/// the gateway at hand does, so that no test is left out in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// The local stack: in this process, or `cargo run` with `GATEWAY=local`.
    Local,
    /// `cargo lambda watch`, with `GATEWAY=cargo-lambda`.
    CargoLambda,
    /// `sam local start-api`, with `GATEWAY=sam-local`.
    SamLocal,
    /// A deployed stage: any other API that `BASE_URL` names.
    Other,
}

impl Gateway {
    /// Whether CORS follows the configured origins. The emulator of `cargo lambda watch` allows every origin.
    pub fn keeps_to_the_trusted_origins(self) -> bool {
        self != Gateway::CargoLambda
    }

    /// What a preflight is answered with. SAM has its web framework answer.
    pub fn status_of_a_preflight(self) -> u16 {
        if self == Gateway::SamLocal { 200 } else { 204 }
    }

    /// Whether scripts are told of the headers that they may read.
    pub fn exposes_headers(self) -> bool {
        !matches!(self, Gateway::CargoLambda | Gateway::SamLocal)
    }

    /// What HEAD may be answered with, beside what an HTTP API answers. SAM hands it over as a GET, and cannot use the answer.
    pub fn own_statuses_of_head(self) -> &'static [u16] {
        if self == Gateway::SamLocal { &[502] } else { &[] }
    }

    /// Whether each request has an id of its own. SAM gives all of them that of the event it was written with.
    pub fn tells_requests_apart(self) -> bool {
        self != Gateway::SamLocal
    }

    /// Whether an unknown route and a wrong method get this product's problem document.
    pub fn answers_unknown_routes_as_problems(self) -> bool {
        self == Gateway::Local
    }

    /// Whether bytes that are not UTF-8 reach the function. A gateway may put a body into JSON text before.
    pub fn hands_over_any_bytes(self) -> bool {
        self == Gateway::Local
    }

    /// What is expected differently here, for the person who reads the output.
    fn deviations(self) -> &'static [&'static str] {
        match self {
            Gateway::Local => &[],
            Gateway::CargoLambda => &[
                "CORS: the emulator allows every origin, so untrusted origins are not refused",
                "unknown routes and wrong methods: 404 with the emulator's own body",
                "bodies and headers that are not UTF-8: the emulator's own answer",
            ],
            Gateway::SamLocal => &[
                "preflights: 200 instead of 204",
                "CORS: no exposed headers",
                "HEAD: 502",
                "request id: the same for all requests",
                "unknown routes and wrong methods: 404 or 405 with a JSON body of the gateway or of this product",
                "bodies and headers that are not UTF-8: the gateway's own answer",
            ],
            Gateway::Other => &[
                "unknown routes and wrong methods: 404 or 405 with a JSON body of the gateway or of this product",
                "bodies and headers that are not UTF-8: the gateway's own answer",
            ],
        }
    }
}

struct Target {
    base_url: String,
    gateway: Gateway,
}

fn target() -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let given = std::env::var("BASE_URL").ok().filter(|url| !url.is_empty());
        let gateway = match (std::env::var("GATEWAY").as_deref(), &given) {
            (Ok("cargo-lambda"), _) => Gateway::CargoLambda,
            (Ok("sam-local"), _) => Gateway::SamLocal,
            (Ok("local"), _) | (Err(_), None) => Gateway::Local,
            (Err(_), Some(_)) => Gateway::Other,
            (Ok(other), _) => {
                panic!("GATEWAY is `{other}`; use `local`, `cargo-lambda`, `sam-local`, or leave it unset")
            }
        };
        let base_url = given.unwrap_or_else(start_local_stack).trim_end_matches('/').to_owned();
        // Straight to the descriptor: the test runner hides what `eprintln!` writes in a test that passes.
        let mut stderr = std::io::stderr();
        let _ = writeln!(stderr, "contract: judging {base_url} behind {gateway:?}");
        for deviation in gateway.deviations() {
            let _ = writeln!(stderr, "contract: expected differently here: {deviation}");
        }
        Target { base_url, gateway }
    })
}

/// One stack per test process, on a thread with a runtime of its own: the runtime of a test ends with that test.
fn start_local_stack() -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .name("local-stack".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let stack = Stack::start(Options::default()).await.expect("the local stack starts");
                sender.send(stack.api_url()).unwrap();
                std::future::pending::<()>().await;
            });
        })
        .unwrap();
    receiver.recv().expect("the local stack says where it listens")
}

pub fn base_url() -> &'static str {
    &target().base_url
}

pub fn gateway() -> Gateway {
    target().gateway
}

/// The origin that the API under test trusts.
pub fn trusted_origin() -> String {
    std::env::var("TRUSTED_ORIGIN").unwrap_or_else(|_| "http://localhost:3000".to_owned())
}

/// Percent-encodes a query value or a path segment.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A text that no other call in any other run gives.
pub fn unique() -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{nanos:x}-{count:x}", std::process::id())
}

pub fn unique_email() -> String {
    format!("u-{}@example.com", unique())
}

/// Runs futures at the same time and gives their results in the order given.
pub async fn together<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let running: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(running.len());
    for task in running {
        match task.await {
            Ok(result) => results.push(result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    results
}

// Users.

#[derive(Clone, Debug)]
pub struct User {
    pub id: String,
    pub email: String,
    pub token: String,
}

impl User {
    /// From a TokenResponse.
    pub fn from_answer(body: &Value) -> User {
        let text = |pointer: &str| {
            body.pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_else(|| panic!("a TokenResponse has a string at {pointer}: {body}"))
                .to_owned()
        };
        User { id: text("/user/id"), email: text("/user/email"), token: text("/access_token") }
    }

    pub fn tasks(&self) -> String {
        format!("/api/{}/tasks", self.id)
    }

    pub fn task(&self, id: &Value) -> String {
        format!("/api/{}/tasks/{id}", self.id)
    }

    pub fn complete(&self, id: &Value) -> String {
        format!("/api/{}/tasks/{id}/complete", self.id)
    }
}

/// Two users for tests that neither sign out nor count tasks: a sign-up costs a password hash.
pub async fn shared_pair(client: &Client) -> &'static (User, User) {
    static PAIR: OnceCell<(User, User)> = OnceCell::const_new();
    PAIR.get_or_init(|| async { (client.sign_up().await, client.sign_up().await) }).await
}

pub async fn shared_user(client: &Client) -> &'static User {
    &shared_pair(client).await.0
}

// Requests.

pub struct Client {
    http: reqwest::Client,
}

impl Client {
    /// One per test: connections belong to the runtime that opened them.
    pub fn new() -> Client {
        let timeout = match gateway() {
            // The first request of a function waits for its compilation.
            Gateway::CargoLambda => Duration::from_secs(900),
            Gateway::Local | Gateway::SamLocal | Gateway::Other => Duration::from_secs(60),
        };
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(timeout);
        if base_url().starts_with("http://") {
            // Saves reading the machine's certificates, once per test, where none is needed.
            builder = builder.tls_certs_only(std::iter::empty());
        }
        Client { http: builder.build().unwrap() }
    }

    pub fn request(&self, method: Method, path: &str) -> Call {
        self.request_url(method, Url::parse(&format!("{}{path}", base_url())).unwrap())
    }

    pub fn request_url(&self, method: Method, url: Url) -> Call {
        let line = format!("{method} {}", url.as_str());
        Call { line, url: url.clone(), builder: self.http.request(method, url) }
    }

    pub fn get(&self, path: &str) -> Call {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Call {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: &str) -> Call {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: &str) -> Call {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: &str) -> Call {
        self.request(Method::DELETE, path)
    }

    pub fn sign_up_call(&self, body: &Value) -> Call {
        self.post("/api/auth/signup").json(body)
    }

    pub fn log_in_call(&self, email: &str, password: &str) -> Call {
        self.post("/api/auth/login").json(&json!({"email": email, "password": password}))
    }

    /// A new user with [`PASSWORD`], signed in.
    pub async fn sign_up(&self) -> User {
        let body = json!({"email": unique_email(), "password": PASSWORD});
        User::from_answer(&self.sign_up_call(&body).send().await.expect(201).json())
    }

    /// Another session of a user made by [`Client::sign_up`].
    pub async fn log_in(&self, user: &User) -> User {
        User::from_answer(&self.log_in_call(&user.email, PASSWORD).send().await.expect(200).json())
    }

    pub async fn create(&self, user: &User, body: Value) -> Answer {
        let answer = self.post(&user.tasks()).token(&user.token).json(&body).send().await;
        answer.expect(201);
        answer
    }

    pub async fn create_titled(&self, user: &User, title: &str) -> Value {
        self.create(user, json!({"title": title})).await.json()
    }

    pub async fn fetch(&self, user: &User, id: &Value) -> Answer {
        let answer = self.get(&user.task(id)).token(&user.token).send().await;
        answer.expect(200);
        answer
    }

    pub async fn update(&self, user: &User, id: &Value, body: &Value) -> Answer {
        self.put(&user.task(id)).token(&user.token).json(body).send().await
    }

    /// All pages of a list, from `path` on through `Link: rel="next"`.
    pub async fn pages(&self, user: &User, path: &str) -> Vec<Vec<Value>> {
        let mut answer = self.get(path).token(&user.token).send().await;
        let mut pages = vec![answer.expect(200).array()];
        while let Some(next) = answer.next_page() {
            assert!(pages.len() < 300, "{path}: paging does not end");
            answer = self.request_url(Method::GET, next).token(&user.token).send().await;
            pages.push(answer.expect(200).array());
        }
        pages
    }

    pub async fn list(&self, user: &User, query: &str) -> Vec<Value> {
        self.pages(user, &format!("{}{query}", user.tasks())).await.concat()
    }
}

#[must_use = "a call is made when it is sent"]
pub struct Call {
    line: String,
    url: Url,
    builder: reqwest::RequestBuilder,
}

impl Call {
    pub fn token(self, token: &str) -> Call {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn header(self, name: &str, value: &str) -> Call {
        self.header_bytes(name, value.as_bytes())
    }

    pub fn header_bytes(mut self, name: &str, value: &[u8]) -> Call {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.builder = self.builder.header(name, HeaderValue::from_bytes(value).unwrap());
        self
    }

    pub fn json(self, body: &Value) -> Call {
        self.text("application/json", body.to_string())
    }

    pub fn text(self, media_type: &str, body: impl Into<Vec<u8>>) -> Call {
        self.header("content-type", media_type).bytes(body)
    }

    /// A body without a media type.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Call {
        self.builder = self.builder.body(body.into());
        self
    }

    /// Sends, and checks what the contract says of all answers.
    pub async fn send(self) -> Answer {
        let answer = self.send_to_gateway().await;
        answer.check_what_holds_for_all();
        answer
    }

    /// Sends what the gateway may answer by itself, without a function.
    pub async fn send_to_gateway(self) -> Answer {
        let Call { line, url, builder } = self;
        let response = builder.send().await.unwrap_or_else(|error| panic!("{line}: {error:?}"));
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{line}: {error:?}")).to_vec();
        Answer { line, url, status, headers, body }
    }
}

// Answers.

#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and address of the request, for messages.
    line: String,
    url: Url,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "{}: {}", self.line, self.shown());
        self
    }

    /// Neither a success nor a failure of the server.
    #[track_caller]
    pub fn expect_refusal(&self) -> &Answer {
        assert!((400..500).contains(&self.status), "{}: {} {}", self.line, self.status, self.shown());
        self
    }

    #[track_caller]
    pub fn expect_one_of(&self, statuses: &[u16]) -> &Answer {
        assert!(statuses.contains(&self.status), "{}: {}, not {statuses:?}: {}", self.line, self.status, self.shown());
        self
    }

    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(2000).collect()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let media_type = self.header("content-type").unwrap_or_default();
        assert!(
            media_type.starts_with("application/json") || media_type.starts_with("application/problem+json"),
            "{}: content-type `{media_type}`",
            self.line
        );
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.line, self.shown()))
    }

    #[track_caller]
    pub fn array(&self) -> Vec<Value> {
        match self.json() {
            Value::Array(items) => items,
            other => panic!("{}: not an array: {other}", self.line),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The items of a comma list header, over all its lines, in lower case.
    pub fn header_items(&self, name: &str) -> BTreeSet<String> {
        self.headers
            .get_all(name)
            .iter()
            .flat_map(|line| line.to_str().unwrap().split(','))
            .map(|item| item.trim().to_ascii_lowercase())
            .collect()
    }

    /// The entity tag, which must be a strong one: RFC 9110, section 8.8.3.
    #[track_caller]
    pub fn etag(&self) -> String {
        let tag = self.header("etag").unwrap_or_else(|| panic!("{}: no ETag", self.line));
        let inside = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let inside = inside.unwrap_or_else(|| panic!("{}: {tag} is not a strong entity tag", self.line));
        assert!(!inside.is_empty(), "{}: the ETag is empty", self.line);
        assert!(inside.bytes().all(|byte| byte == 0x21 || (0x23..0x7f).contains(&byte)), "{}: {tag}", self.line);
        tag.to_owned()
    }

    /// The target of `Link: rel="next"` (RFC 8288), resolved against the request.
    #[track_caller]
    pub fn next_page(&self) -> Option<Url> {
        let link = self.header("link")?;
        let (target, parameters) = link
            .strip_prefix('<')
            .and_then(|rest| rest.split_once('>'))
            .unwrap_or_else(|| panic!("{}: Link is `{link}`", self.line));
        assert!(parameters.contains("rel=\"next\""), "{}: Link is `{link}`", self.line);
        Some(self.url.join(target).unwrap())
    }

    /// The target of `Location`, resolved against the request.
    #[track_caller]
    pub fn location(&self) -> Url {
        let location = self.header("location").unwrap_or_else(|| panic!("{}: no Location", self.line));
        self.url.join(location).unwrap()
    }

    #[track_caller]
    fn check_what_holds_for_all(&self) {
        let Answer { line, status, .. } = self;
        let shown = self.shown();
        assert_ne!(*status, 429, "{line}: the API under test limits the rate of requests: {shown}");
        assert!(*status < 500, "{line}: {status} {shown}");
        self.check_headers();
        for secret in [PASSWORD, "$argon2", "password_hash"] {
            assert!(!shown.contains(secret), "{line}: the body contains `{secret}`: {shown}");
        }
        if *status >= 400 {
            let lower = shown.to_lowercase();
            for internal in ["panicked", "dynamodb", "aws_sdk", ".rs:", "conditionalcheck"] {
                assert!(!lower.contains(internal), "{line}: the body shows internals: {shown}");
            }
        }
    }

    /// The headers that every answer of a function carries.
    #[track_caller]
    pub fn check_headers(&self) {
        let line = &self.line;
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{line}");
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"), "{line}");
        assert!(self.header_items("cache-control").contains("no-store"), "{line}: {:?}", self.header("cache-control"));
        let transport_security = self.header("strict-transport-security");
        if base_url().starts_with("https://") {
            assert!(transport_security.is_some_and(|value| value.contains("max-age=")), "{line}");
        } else {
            assert_eq!(transport_security, None, "{line}: HSTS has no place on http");
        }
    }
}

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

// Bodies.

#[track_caller]
pub fn assert_members(object: &Value, members: &[&str]) {
    let named: BTreeSet<&str> =
        object.as_object().unwrap_or_else(|| panic!("{object}")).keys().map(String::as_str).collect();
    assert_eq!(named, members.iter().copied().collect(), "{object}");
}

#[track_caller]
pub fn assert_user(user: &Value) {
    assert_members(user, &["id", "email", "name"]);
    assert!(
        user.as_object().unwrap().values().all(|value| value.as_str().is_some_and(|text| !text.is_empty())),
        "{user}"
    );
}

/// Checks the shape of a Task and what holds between its members.
#[track_caller]
pub fn assert_task(task: &Value, owner: &User) {
    assert_members(
        task,
        &["id", "user_id", "title", "description", "completed", "priority", "due_date", "created_at", "updated_at"],
    );
    let id = task["id"].as_u64().unwrap_or_else(|| panic!("`id` is no positive integer: {task}"));
    assert!((1..=MAX_SAFE_INTEGER).contains(&id), "{task}");
    assert_eq!(task["user_id"], json!(owner.id), "{task}");
    let title = task["title"].as_str().unwrap_or_else(|| panic!("{task}"));
    assert!(!title.is_empty() && title.trim() == title && title.chars().count() <= 200, "{task}");
    assert!(task["description"].is_null() || task["description"].is_string(), "{task}");
    assert!(task["completed"].is_boolean(), "{task}");
    assert!(["low", "medium", "high"].contains(&task["priority"].as_str().unwrap_or_default()), "{task}");
    if !task["due_date"].is_null() {
        let due = task["due_date"].as_str().unwrap_or_else(|| panic!("{task}"));
        assert!(is_timestamp(due) || fits(due, "0000-00-00"), "{task}");
    }
    let created = timestamp(&task["created_at"]);
    let updated = timestamp(&task["updated_at"]);
    assert!(created <= updated, "{task}");
}

/// `0` in the shape is any digit; everything else is itself.
fn fits(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(
            |(byte, form)| {
                if form == b'0' { byte.is_ascii_digit() } else { byte == form }
            },
        )
}

/// RFC 3339, UTC, exactly three fraction digits, `Z`.
pub fn is_timestamp(text: &str) -> bool {
    fits(text, "0000-00-00T00:00:00.000Z")
}

/// A timestamp of the one shape, which sorts as text.
#[track_caller]
pub fn timestamp(value: &Value) -> String {
    let text = value.as_str().unwrap_or_else(|| panic!("not a timestamp: {value}"));
    assert!(is_timestamp(text), "not a timestamp: {text}");
    text.to_owned()
}

/// The time `seconds` from now in the shape of [`is_timestamp`].
pub fn seconds_from_now(seconds: i64) -> String {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let at = now + seconds;
    let (days, rest) = (at.div_euclid(86_400), at.rem_euclid(86_400));
    // Days to a civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000Z", rest / 3_600, rest / 60 % 60, rest % 60)
}

pub fn ids(tasks: &[Value]) -> Vec<u64> {
    tasks.iter().map(|task| task["id"].as_u64().unwrap()).collect()
}

/// The six task routes, each with a body that would succeed.
pub fn task_routes(user_id: &str, task_id: &str) -> Vec<(Method, String, Option<Value>)> {
    let tasks = format!("/api/{user_id}/tasks");
    let task = format!("{tasks}/{task_id}");
    vec![
        (Method::GET, tasks.clone(), None),
        (Method::POST, tasks, Some(json!({"title": "made through the matrix of routes"}))),
        (Method::GET, task.clone(), None),
        (Method::PUT, task.clone(), Some(json!({"title": "changed through the matrix of routes"}))),
        (Method::PATCH, format!("{task}/complete"), None),
        (Method::DELETE, task, None),
    ]
}

impl Client {
    /// A call of one of [`task_routes`].
    pub fn route(&self, (method, path, body): (Method, String, Option<Value>)) -> Call {
        let call = self.request(method, &path);
        match body {
            Some(body) => call.json(&body),
            None => call,
        }
    }
}
