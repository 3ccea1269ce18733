//! A case: an event and what is changed of it, what the store holds when it comes, and what the answer has to be.

use std::{
    collections::BTreeMap,
    future::Future,
    panic::resume_unwind,
    sync::{LazyLock, OnceLock},
};

use aws_sdk_dynamodb::types::AttributeValue;
use infra::demo;
use serde_json::{Value, json};
use shared::{
    domain::{NewPassword, PasswordAccount, Session, SessionId, User, UserId},
    http::Dialect,
};
use tracing::{instrument::WithSubscriber, level_filters::LevelFilter};
use uuid::Uuid;

use crate::{
    cases, event, json as comparison,
    logs::Log,
    recorder::{Call, Fault, Hash},
    tokens,
    world::{Answer, World, answer as send, endpoint, limited, number, text},
};

/// What the store holds besides the demo account when the event comes.
#[derive(Debug, Clone, Copy)]
pub enum Given {
    /// Nothing more.
    Demo,
    /// The account disabled@example.com with the demo password, disabled.
    DisabledAccount,
    /// A session whose user is gone.
    SessionWithoutUser,
    /// The demo account's password, hashed with other parameters than today's.
    OlderHash,
    /// The demo account's password was changed since links in mails were asked for, to what it was.
    PasswordChanged,
    /// The demo session is old enough to be extended.
    ExtensionDue,
    /// The same, but it is not to be remembered.
    ExtensionDueButNotRemembered,
    /// The demo session began a day ago.
    NotFresh,
    /// The demo session is not to be remembered.
    NotRemembered,
    /// All sessions of the demo account are revoked.
    Revoked,
    /// The demo account is disabled.
    Disabled,
    /// The demo account is gone, its session is not.
    AccountGone,
    /// The demo account is signed in a second time: in the session that the events called `ended-session` name.
    OtherSession,
    /// The demo account has as many sessions as an account may have.
    FullOfSessions,
    /// The demo account was found so many seconds ago to have as many tasks as it may have.
    TasksCounted(i64),
    /// Its transactions meet others at first.
    MeetsOthers,
    /// What another event, named as `tasks-create/created-once`, has done.
    After(&'static str),
}

/// What an answer does with the cookies of a session. The origin in the events is https.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookies {
    /// Nothing.
    Untouched,
    /// The session's token, in a cookie for 7 days and in a header.
    HandedOver,
    /// The same in a cookie until the browser ends, with one that says so.
    HandedOverForNow,
    /// All three are taken back.
    Cleared,
    /// Only the one in which the original server caches sessions is taken back.
    CacheCleared,
    /// Only the one by which the account knows the device is set.
    Device,
}

/// How long, and from where, a browser sends the cookie of a known device.
const KNOWN_DEVICE_ATTRIBUTES: &str = "; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Lax";

impl Cookies {
    /// The cookies that an answer sets, where `token` is the one in its header.
    pub fn expected(self, token: &str) -> Vec<String> {
        let cookie = |name: &str, value: &str, max_age: &str| {
            format!("__Secure-better-auth.{name}={value}; {max_age}Path=/; HttpOnly; Secure; SameSite=Lax")
        };
        match self {
            Self::Untouched | Self::Device => vec![],
            Self::HandedOver => vec![cookie("session_token", token, "Max-Age=604800; ")],
            Self::HandedOverForNow => vec![cookie("session_token", token, ""), cookie("dont_remember", "true", "")],
            Self::Cleared => {
                ["session_token", "session_data", "dont_remember"].map(|name| cookie(name, "", "Max-Age=0; ")).into()
            }
            Self::CacheCleared => vec![cookie("session_data", "", "Max-Age=0; ")],
        }
    }

    /// Says what is wrong with the cookies of a session in an answer.
    pub fn complaint(self, answer: &Answer) -> Option<String> {
        let token = answer.header("set-auth-token");
        let hands_over = matches!(self, Self::HandedOver | Self::HandedOverForNow);
        let expected = self.expected(token.unwrap_or_default());
        let of_session: Vec<_> = answer.cookies.iter().filter(|cookie| !is_of_device(cookie)).collect();
        let right = of_session == expected.iter().collect::<Vec<_>>()
            && token.is_some_and(|token| !token.is_empty()) == hands_over;
        (!right).then(|| format!("the cookies are {:?} with the token {token:?}, not {self:?}", answer.cookies))
    }

    /// Says what is wrong with the cookie of a known device, where requests are counted: whoever gets a session has one.
    fn complaint_of_device(self, answer: &Answer) -> Option<String> {
        let is_known = matches!(self, Self::HandedOver | Self::HandedOverForNow | Self::Device);
        let cookies: Vec<_> = answer.cookies.iter().filter(|cookie| is_of_device(cookie)).collect();
        let right = cookies.len() == usize::from(is_known)
            && cookies.iter().all(|cookie| cookie.ends_with(KNOWN_DEVICE_ATTRIBUTES));
        (!right).then(|| format!("the cookies of a known device are {cookies:?}, with {self:?}"))
    }
}

fn is_of_device(cookie: &str) -> bool {
    cookie.starts_with("__Secure-better-auth.known_device=")
}

type Check = fn(&Answer);
type Change = Box<dyn Fn(Value) -> Value + Send>;

/// A row of the table of cases.
pub struct Case {
    event: &'static str,
    name: Option<&'static str>,
    changes: Vec<Change>,
    given: Given,
    variables: &'static [(&'static str, &'static str)],
    status: u16,
    code: Option<&'static str>,
    sentence: Option<&'static str>,
    cookies: Cookies,
    violations: Vec<&'static str>,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<Value>,
    check: Option<Check>,
    afterwards: Vec<(&'static str, u16)>,
    costs_as: Option<&'static str>,
}

/// A case of the event of that name, in the folder of the function that the case belongs to, or of one that a row of that
/// function makes.
pub fn on(event: &'static str) -> Case {
    Case {
        event,
        name: None,
        changes: Vec::new(),
        given: Given::Demo,
        variables: &[],
        status: 0,
        code: None,
        sentence: None,
        cookies: Cookies::Untouched,
        violations: Vec::new(),
        headers: Vec::new(),
        body: None,
        check: None,
        afterwards: Vec::new(),
        costs_as: None,
    }
}

/// What is changed of the event.
impl Case {
    /// What the event is called that comes of the changes.
    pub fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Another body.
    pub fn with_body(self, body: Value) -> Self {
        self.changed(move |event| event::with_body(event, &body))
    }

    /// Other values of these fields of the body.
    pub fn with_fields(self, fields: Value) -> Self {
        self.changed(move |event| event::with_fields(event, &fields))
    }

    /// Another body, byte for byte.
    pub fn with_raw_body(self, body: &'static str) -> Self {
        self.changed(move |event| event::with_raw_body(event, body))
    }

    /// Another header.
    pub fn with_header(self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.changed(move |event| event::with_header(event, name, &value))
    }

    /// One header less.
    pub fn without_header(self, name: &'static str) -> Self {
        self.changed(move |event| event::without_header(event, name))
    }

    /// Another bearer token.
    pub fn with_bearer(self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.changed(move |event| event::with_bearer(event, &token))
    }

    /// The cookie of another session, and no other cookie.
    pub fn with_session_cookie(self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.changed(move |event| event::with_session_cookie(event, &token))
    }

    /// One cookie more.
    pub fn with_cookie(self, cookie: impl Into<String>) -> Self {
        let cookie = cookie.into();
        self.changed(move |event| event::with_cookie(event, &cookie))
    }

    /// No cookies.
    pub fn without_cookies(self) -> Self {
        self.changed(event::without_cookies)
    }

    /// Another query string.
    pub fn with_query(self, query: &'static str) -> Self {
        self.changed(move |event| event::with_query(event, query))
    }

    /// Another method and path, on the same route.
    pub fn with_path(self, method: &'static str, path: &'static str) -> Self {
        self.changed(move |event| event::with_path(event, method, path))
    }

    /// Another value of a path parameter.
    pub fn with_path_parameter(self, name: &'static str, value: &'static str) -> Self {
        self.changed(move |event| event::with_path_parameter(event, name, value))
    }

    fn changed(mut self, change: impl Fn(Value) -> Value + Send + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// The name of the event that is sent.
    fn sent(&self, function: &str) -> String {
        format!("{function}/{}", self.name.unwrap_or(self.event))
    }
}

/// What is expected of the answer.
impl Case {
    /// What the store holds when the event comes.
    pub fn given(self, given: Given) -> Self {
        Self { given, ..self }
    }

    /// The function's environment holds these variables.
    pub fn configured(self, variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..self }
    }

    /// The answer has this status, and is no error with a code.
    pub fn answers(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The answer is an error, in the dialect of the function.
    pub fn refused(self, status: u16, code: &'static str) -> Self {
        Self { status, code: Some(code), ..self }
    }

    /// The error has this sentence. In the Better Auth dialect, the body is it and the code, if there is one, and no more.
    pub fn says(self, sentence: &'static str) -> Self {
        Self { sentence: Some(sentence), ..self }
    }

    /// What the answer does with the cookies of the session; nothing, unless this says otherwise.
    pub fn cookies(self, cookies: Cookies) -> Self {
        Self { cookies, ..self }
    }

    /// The answer says that these values are not valid, all of them at once.
    pub fn invalid(self, pointers: &[&'static str]) -> Self {
        Self { violations: pointers.to_vec(), ..self.refused(422, "validation_failed") }
    }

    /// The answer has this header. Without one called `cache-control`, the answer must not be stored.
    pub fn has_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The body has at least this.
    pub fn has(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// What else holds for the answer.
    pub fn where_(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// What another event, named as `auth-me/user`, is answered with after this one.
    pub fn afterwards(mut self, name: &'static str, status: u16) -> Self {
        self.afterwards.push((name, status));
        self
    }

    /// What this case costs stands in the README, in the row of this name.
    pub fn costs_as(self, row: &'static str) -> Self {
        Self { costs_as: Some(row), ..self }
    }
}

/// What came of a case.
#[derive(Debug)]
pub struct Outcome {
    /// The function that answered.
    pub function: &'static str,
    /// The event, named as `auth-login/logged-in`.
    pub event: String,
    /// What the store held when it came.
    pub given: Given,
    /// Which row of the README says what it costs.
    pub costs_as: Option<&'static str>,
    /// What the function asked of the store.
    pub calls: Vec<Call>,
    /// When it hashed passwords.
    pub hashes: Vec<Hash>,
    /// What a warm function logged, of a case whose cost is known.
    pub logged: String,
    /// Whether the answer was a success.
    pub succeeded: bool,
    /// What is wrong with the answer.
    pub complaint: Option<String>,
}

impl Outcome {
    /// The row: its event, and what the store held if that is not the demo account alone.
    pub fn row(&self) -> String {
        match self.given {
            Given::Demo => self.event.clone(),
            given => format!("{}, {given:?}", self.event),
        }
    }
}

/// What answers that there is nothing: no such route, nothing to update.
pub const NEVER_SUCCEED: [&str; 2] = ["auth-update-session", "fallback"];

/// The requests that succeed and whose cost is known: the event, named as `auth-login/logged-in`, and what it needs. They go
/// every way through the functions that there is.
pub fn successes() -> Vec<(String, Given)> {
    let cases = cases::all().into_iter().filter(|(function, _)| !NEVER_SUCCEED.contains(function));
    let cases = cases.flat_map(|(function, cases)| {
        let measured = cases.into_iter().filter(|case| case.costs_as.is_some());
        measured.map(move |case| (case.sent(function), case.given))
    });
    cases.collect()
}

/// The event that a row makes, by its name.
pub fn made(name: &str) -> Option<Value> {
    static MADE: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
        let mut made = BTreeMap::new();
        for (function, cases) in cases::all() {
            for case in cases {
                assert_eq!(case.name.is_some(), !case.changes.is_empty(), "{}", case.sent(function));
                if case.name.is_some() {
                    let base = format!("{function}/{}", case.event);
                    let base = event::kept(&base).unwrap_or_else(|| panic!("there is no events/{base}.json"));
                    let event = case.changes.iter().fold(base, |event, change| change(event));
                    let name = case.sent(function);
                    assert!(event::kept(&name).is_none(), "{name} is the name of a row and of a file");
                    assert!(made.insert(name.clone(), event).is_none(), "{name} is the name of two rows");
                }
            }
        }
        made
    });
    MADE.get(name).cloned()
}

/// What came of every case. They run once, in parallel.
pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let cases = cases::all().into_iter().flat_map(|(function, cases)| {
            assert!(!cases.is_empty(), "{function} has no case");
            cases.into_iter().map(move |case| (function, case))
        });
        let cases = cases.map(|(function, case)| async move { case.run(function).await });
        runtime.block_on(in_parallel(cases))
    })
}

/// Runs futures in parallel and gives what came of them in their order.
pub async fn in_parallel<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let running: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::new();
    for result in running {
        results.push(result.await.unwrap_or_else(|error| resume_unwind(error.into_panic())));
    }
    results
}

impl Case {
    async fn run(self, function: &'static str) -> Outcome {
        let world = World::new().await;
        self.given.arrange(&world).await;
        let name = self.sent(function);
        if self.costs_as.is_some() {
            world.recorder.watch_hashes();
        }
        let configured = if self.variables.is_empty() { None } else { Some(world.app_with(self.variables).await) };
        world.recorder.take();
        let app = limited(configured.unwrap_or_else(|| world.app.clone()));
        let log = Log::default();
        let answer = if self.costs_as.is_some() {
            app.is_first_request();
            send(&app, function, event::event(&name)).with_subscriber(log.subscriber(LevelFilter::INFO)).await
        } else {
            send(&app, function, event::event(&name)).await
        };
        let calls = world.recorder.take();
        let hashes = world.recorder.take_hashes();
        let mut complaint = self.judge(endpoint(function).dialect, &answer);
        for (follower, status) in &self.afterwards {
            let followed = world.send(follower).await;
            if followed.status != *status {
                complaint = Some(format!("afterwards {follower} is answered with {}, not {status}", followed.status));
            }
        }
        let succeeded = answer.status < 400;
        Outcome {
            function,
            event: name,
            given: self.given,
            costs_as: self.costs_as,
            calls,
            hashes,
            logged: log.text(),
            succeeded,
            complaint,
        }
    }

    /// Says what is wrong with an answer.
    fn judge(&self, dialect: Dialect, answer: &Answer) -> Option<String> {
        let mut complaints = Vec::new();
        let mut expect = |what: &str, actual: Option<&str>, expected: Option<&str>| {
            if actual != expected {
                complaints.push(format!("{what} is {actual:?}, not {expected:?}"));
            }
        };
        expect("the status", Some(&answer.status.to_string()), Some(&self.status.to_string()));
        let plain = match dialect {
            Dialect::Plain => true,
            Dialect::BetterAuth { .. } => false,
            // It answers in the dialect of the body or of the path; the codes of the two differ.
            Dialect::Both | Dialect::Unrouted => answer.header("content-type") == Some("application/problem+json"),
        };
        if let Some(code) = self.code {
            expect("code", answer.json["code"].as_str(), Some(code));
            let (media_type, sentence) =
                if plain { ("application/problem+json", "detail") } else { ("application/json", "message") };
            expect("content-type", answer.header("content-type"), Some(media_type));
            let sentence = answer.json[sentence].as_str().unwrap_or_default();
            expect("the sentence", Some(sentence), self.sentence.or(Some(sentence).filter(|text| !text.is_empty())));
        }
        if !plain && let Some(sentence) = self.sentence {
            let body = match self.code {
                Some(code) => json!({"message": sentence, "code": code}),
                None => json!({"message": sentence}),
            };
            expect("the body", Some(&answer.json.to_string()), Some(&body.to_string()));
        }
        if plain && self.code.is_some() {
            let status = answer.json["status"].to_string();
            expect("the status in the body", Some(&status), Some(&self.status.to_string()));
            expect("request_id", answer.json["request_id"].as_str(), Some("JKJaXmPLvHcESHA="));
            expect("type", answer.json["type"].as_str(), Some("about:blank"));
            let challenge = (self.status == 401).then_some("Bearer");
            expect("www-authenticate", answer.header("www-authenticate"), challenge);
        }
        let has = |name: &str| answer.header(name).map(|_| "there");
        let signed_in = answer.json["session"].is_object().then_some("there");
        expect("set-auth-jwt", has("set-auth-jwt"), signed_in);
        let pragma = self.headers.iter().find(|(name, _)| *name == "pragma");
        expect("pragma", answer.header("pragma"), pragma.map(|(_, value)| *value));
        let location = self.headers.iter().any(|(name, _)| *name == "location");
        if !plain && !location {
            expect("location", answer.header("location"), None);
        }
        let violations = answer.json["errors"].as_array();
        let pointers = violations.into_iter().flatten().map(|violation| violation["pointer"].as_str().unwrap_or("?"));
        expect("errors", Some(&pointers.collect::<Vec<_>>().join(" ")), Some(&self.violations.join(" ")));
        expect("retry-after", answer.header("retry-after"), None);
        let cache_control = self.headers.iter().find(|(name, _)| *name == "cache-control");
        expect(
            "cache-control",
            answer.header("cache-control"),
            cache_control.map(|(_, value)| *value).or(Some("no-store")),
        );
        expect("x-content-type-options", answer.header("x-content-type-options"), Some("nosniff"));
        expect("referrer-policy", answer.header("referrer-policy"), Some("no-referrer"));
        expect("strict-transport-security", answer.header("strict-transport-security"), Some("max-age=63072000"));
        for (name, value) in &self.headers {
            expect(name, answer.header(name), Some(value));
        }
        if let Some(difference) = self.body.as_ref().and_then(|body| comparison::difference(&answer.json, body)) {
            complaints.push(difference);
        }
        complaints.extend(self.cookies.complaint(answer));
        complaints.extend(self.cookies.complaint_of_device(answer));
        if complaints.is_empty()
            && let Some(check) = self.check
        {
            check(answer);
        }
        (!complaints.is_empty()).then(|| format!("{}; the body is {}", complaints.join(", "), answer.text))
    }
}

/// The password hash of the demo account, by the reference implementation, with three passes over 12 MiB.
pub const OLDER_HASH: &str =
    "$argon2id$v=19$m=12288,t=3,p=1$FeEtwRJcNzmha8JE4g08Ng$3LVlQbc7mm9dr6O2npf/0JdF+lXW+SIJl9P/JhmAA38";

/// The key of the demo account's credential.
pub fn demo_credential() -> [(&'static str, AttributeValue); 1] {
    [("email", text(demo::EMAIL))]
}

/// The key of the demo account's profile.
pub fn demo_user() -> [(&'static str, AttributeValue); 1] {
    [("user_id", text(demo::PRINCIPAL.user_id))]
}

/// The key of the demo account's session.
pub fn demo_session() -> [(&'static str, AttributeValue); 2] {
    [("user_id", text(demo::PRINCIPAL.user_id)), ("session_id", text(demo::PRINCIPAL.session_id))]
}

/// A day, in seconds.
pub const DAY: i64 = 24 * 60 * 60;

/// Lets the demo session expire in so many seconds.
async fn expires_in(world: &World, seconds: i64) {
    let end = world.app.clock.now().plus_seconds(seconds);
    world.change("Sessions", &demo_session(), "ends_at", number(end.millis())).await;
    world.change("Sessions", &demo_session(), "expires_at", number(end.seconds())).await;
}

impl Given {
    /// Makes it so.
    pub async fn arrange(self, world: &World) {
        match self {
            Self::Demo => {}
            Self::DisabledAccount => {
                let (user, session) =
                    user_and_session(world, UserId(tokens::user_or_session(0xd)), "disabled@example.com");
                let password = NewPassword::parse(demo::PASSWORD).unwrap();
                let password_hash = world.app.passwords.hash(password.as_password()).await.unwrap();
                let account =
                    PasswordAccount { id: Uuid::from_u128(0xacc), password_hash, updated_at: user.created_at };
                world
                    .app
                    .store
                    .create_account(&User { is_active: false, ..user }, &account, Some(&session), None)
                    .await
                    .unwrap();
            }
            Self::SessionWithoutUser => {
                let (_, session) = user_and_session(world, tokens::GONE_USER, "");
                world.app.store.create_session(&session).await.unwrap();
            }
            Self::OlderHash => {
                world.change("Credentials", &demo_credential(), "password_hash", text(OLDER_HASH)).await;
                world.change("Users", &demo_user(), "password_hash", text(OLDER_HASH)).await;
            }
            Self::PasswordChanged => {
                let changed = world.app.clock.now().plus_seconds(1);
                world.change("Users", &demo_user(), "password_updated_at", number(changed.millis())).await;
            }
            Self::MeetsOthers => world.recorder.fail(Fault::Conflict, 0..3),
            Self::ExtensionDue => expires_in(world, 6 * DAY).await,
            Self::ExtensionDueButNotRemembered => {
                expires_in(world, 6 * DAY).await;
                world.change("Sessions", &demo_session(), "remember", AttributeValue::Bool(false)).await;
            }
            Self::NotFresh => {
                let began = world.app.clock.now().plus_seconds(-DAY);
                world.change("Sessions", &demo_session(), "created_at", number(began.millis())).await;
            }
            Self::NotRemembered => {
                world.change("Sessions", &demo_session(), "remember", AttributeValue::Bool(false)).await;
            }
            Self::Revoked => world.change("Users", &demo_user(), "session_epoch", number(1)).await,
            Self::Disabled => world.change("Users", &demo_user(), "is_active", AttributeValue::Bool(false)).await,
            Self::AccountGone => {
                let [(name, id)] = demo_user();
                world.store.delete_item().table_name("Users").key(name, id).send().await.unwrap();
            }
            Self::OtherSession => {
                let (_, session) = user_and_session(world, demo::PRINCIPAL.user_id, "");
                let session = Session { id: tokens::OTHER_SESSION, ..session };
                world.app.store.create_session(&session).await.unwrap();
            }
            Self::FullOfSessions => {
                let (_, session) = user_and_session(world, demo::PRINCIPAL.user_id, "");
                for number in 1..Session::MAX_PER_USER {
                    let id = SessionId(Uuid::from_u128(0x5e55 << 32 | u128::try_from(number).unwrap()));
                    world.app.store.create_session(&Session { id, ..session.clone() }).await.unwrap();
                }
            }
            Self::TasksCounted(seconds_ago) => {
                let counted_at = world.app.clock.now().plus_seconds(-seconds_ago);
                let mark = [
                    ("user_id", text(demo::PRINCIPAL.user_id)),
                    ("idempotency_key", text("task limit")),
                    ("counted_at", number(counted_at.millis())),
                    ("expires_at", number(counted_at.plus_seconds(DAY).seconds())),
                ];
                let mut put = world.store.put_item().table_name("Idempotency");
                for (name, value) in mark {
                    put = put.item(name, value);
                }
                put.send().await.unwrap();
            }
            Self::After(earlier) => {
                let answer = world.send(earlier).await;
                assert!(answer.status < 400, "{earlier}: {}", answer.text);
            }
        }
    }
}

/// A user of this id, and a session of the demo session's id.
fn user_and_session(world: &World, id: UserId, email: &str) -> (User, Session) {
    let now = world.app.clock.now();
    let user = User {
        id,
        email: email.to_owned(),
        name: String::new(),
        image: None,
        email_verified: false,
        is_contested: false,
        is_active: true,
        session_epoch: 0,
        created_at: now,
        updated_at: now,
    };
    let session = Session {
        user_id: user.id,
        id: demo::PRINCIPAL.session_id,
        created_at: now,
        updated_at: now,
        expires_at: now.plus_seconds(60),
        remember: false,
        epoch: 0,
        ip_address: String::new(),
        user_agent: String::new(),
    };
    (user, session)
}
