//! A case: an event, what the store holds when it comes, and what the answer has to be.

use std::{
    future::Future,
    panic::resume_unwind,
    sync::{Arc, OnceLock},
};

use aws_sdk_dynamodb::types::AttributeValue;
use infra::demo;
use serde_json::Value;
use shared::{
    domain::{NewPassword, PasswordAccount, Session, User, UserId},
    http::Dialect,
};
use tokio::{sync::Semaphore, task::JoinSet};
use uuid::Uuid;

use crate::{
    cases, json,
    recorder::Call,
    world::{Answer, World, endpoint, event, text},
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
    /// What another event, named as `tasks-create/created-once`, has done.
    After(&'static str),
}

type Check = fn(&Answer);

/// A row of the table of cases.
#[derive(Debug, Clone)]
pub struct Case {
    event: &'static str,
    given: Given,
    status: u16,
    code: Option<&'static str>,
    violations: Vec<&'static str>,
    headers: Vec<(&'static str, &'static str)>,
    body: Option<Value>,
    check: Option<Check>,
    afterwards: Vec<(&'static str, u16)>,
    costs_as: Option<&'static str>,
}

/// A case of the event of that name, in the folder of the function that the case belongs to.
pub fn on(event: &'static str) -> Case {
    Case {
        event,
        given: Given::Demo,
        status: 0,
        code: None,
        violations: Vec::new(),
        headers: Vec::new(),
        body: None,
        check: None,
        afterwards: Vec::new(),
        costs_as: None,
    }
}

impl Case {
    /// What the store holds when the event comes.
    pub fn given(self, given: Given) -> Self {
        Self { given, ..self }
    }

    /// The answer has this status, and is no error with a code.
    pub fn answers(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The answer is an error, in the dialect of the function.
    pub fn refused(self, status: u16, code: &'static str) -> Self {
        Self { status, code: Some(code), ..self }
    }

    /// The answer says that these values are not valid, all of them at once.
    pub fn invalid(self, pointers: &[&'static str]) -> Self {
        Self { violations: pointers.to_vec(), ..self.refused(422, "validation_failed") }
    }

    /// The answer has this header. Without one called `cache-control`, the answer must not be stored.
    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The body has at least this.
    pub fn with(self, body: Value) -> Self {
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
    /// Which row of the README says what it costs.
    pub costs_as: Option<&'static str>,
    /// What the function asked of the store.
    pub calls: Vec<Call>,
    /// Whether the answer was a success.
    pub succeeded: bool,
    /// What is wrong with the answer.
    pub complaint: Option<String>,
}

/// The requests that succeed and whose cost is known: the event, named as `auth-login/logged-in`, and what it needs. They go
/// every way through the functions that there is.
pub fn successes() -> Vec<(String, Given)> {
    let cases = cases::all().into_iter().flat_map(|(function, cases)| {
        let measured = cases.into_iter().filter(|case| case.costs_as.is_some());
        measured.map(move |case| (format!("{function}/{}", case.event), case.given))
    });
    cases.collect()
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

/// Runs futures in parallel, no more at a time than keep the processors busy, and gives what came of them in their order.
pub async fn in_parallel<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let slots = Arc::new(Semaphore::new(2 * std::thread::available_parallelism().map_or(1, usize::from)));
    let mut running = JoinSet::new();
    for (number, future) in futures.into_iter().enumerate() {
        let slots = Arc::clone(&slots);
        running.spawn(async move {
            let _slot = slots.acquire_owned().await.unwrap();
            (number, future.await)
        });
    }
    let mut results = Vec::new();
    while let Some(result) = running.join_next().await {
        results.push(result.unwrap_or_else(|error| resume_unwind(error.into_panic())));
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

impl Case {
    async fn run(self, function: &'static str) -> Outcome {
        let world = World::new().await;
        self.given.arrange(&world).await;
        world.recorder.take();
        let name = format!("{function}/{}", self.event);
        let answer = world.send_event(function, event(&name)).await;
        let calls = world.recorder.take();
        let mut complaint = self.judge(endpoint(function).dialect, &answer);
        for (follower, status) in &self.afterwards {
            let followed = world.send(follower).await;
            if followed.status != *status {
                complaint = Some(format!("afterwards {follower} is answered with {}, not {status}", followed.status));
            }
        }
        Outcome { function, event: name, costs_as: self.costs_as, calls, succeeded: answer.status < 400, complaint }
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
        let plain = dialect == Dialect::Plain;
        if let Some(code) = self.code {
            expect("code", answer.json["code"].as_str(), Some(code));
            let (media_type, sentence) =
                if plain { ("application/problem+json", "detail") } else { ("application/json", "message") };
            expect("content-type", answer.header("content-type"), Some(media_type));
            let sentence = answer.json[sentence].as_str().unwrap_or_default();
            expect("the sentence", (!sentence.is_empty()).then_some(""), Some(""));
        }
        if plain && self.code.is_some() {
            let status = answer.json["status"].to_string();
            expect("the status in the body", Some(&status), Some(&self.status.to_string()));
            expect("request_id", answer.json["request_id"].as_str(), Some("JKJaXmPLvHcESHA="));
            expect("type", answer.json["type"].as_str(), Some("about:blank"));
            let challenge = (self.status == 401).then_some("Bearer");
            expect("www-authenticate", answer.header("www-authenticate"), challenge);
        }
        if plain {
            expect("set-cookie", answer.cookies.first().map(String::as_str), None);
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
        if let Some(difference) = self.body.as_ref().and_then(|body| json::difference(&answer.json, body)) {
            complaints.push(difference);
        }
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

impl Given {
    /// Makes it so.
    pub async fn arrange(self, world: &World) {
        match self {
            Self::Demo => {}
            Self::DisabledAccount => {
                let (user, session) = user_and_session(world, 0xd, "disabled@example.com");
                let password = NewPassword::parse(demo::PASSWORD).unwrap();
                let password_hash = world.app.passwords.hash(password.as_password()).await.unwrap();
                let account =
                    PasswordAccount { id: Uuid::from_u128(0xacc), password_hash, updated_at: user.created_at };
                world.app.store.create_account(&User { is_active: false, ..user }, &account, &session).await.unwrap();
            }
            Self::SessionWithoutUser => {
                let (_, session) = user_and_session(world, 0xa, "");
                world.app.store.create_session(&session).await.unwrap();
            }
            Self::OlderHash => {
                world.change("Credentials", &demo_credential(), "password_hash", text(OLDER_HASH)).await;
                world.change("Users", &demo_user(), "password_hash", text(OLDER_HASH)).await;
            }
            Self::After(earlier) => {
                let answer = world.send(earlier).await;
                assert!(answer.status < 300, "{earlier}: {}", answer.text);
            }
        }
    }
}

/// A user whose id ends in `number`, and a session of the demo session's id.
fn user_and_session(world: &World, number: u128, email: &str) -> (User, Session) {
    let now = world.app.clock.now();
    let user = User {
        id: UserId(Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0000 + number)),
        email: email.to_owned(),
        name: String::new(),
        image: None,
        email_verified: false,
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
