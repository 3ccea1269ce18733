//! What the log says of a request, and what it never says.

use std::{
    fs, io,
    sync::{Arc, Mutex, Once},
    thread,
};

use functions::{
    Event,
    worker::{StreamWorker, mail::MailWorker},
};
use infra::{demo, stack::template_path};
use lambda_http::Context;
use serde_json::{Value, json};
use shared::{
    App,
    identity::mail_token::Purpose,
    mail::{Mailer, Message, SendError},
    telemetry,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tracing::{Subscriber, level_filters::LevelFilter};

use crate::{
    event::{event, with_bearer, with_body, with_fields, with_header},
    recorder::{Fault, INTERNALS},
    tokens::{mailed, mailed_about},
    workers,
    world::{LOCAL, World, answer, endpoint, limited},
};

/// Logs to nowhere what no test looks at.
///
/// Without a subscriber for all threads, `tracing` notes for good that nobody wants a line which is first logged by a thread
/// without one, and the test that does want it would wait in vain.
pub fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(telemetry::subscriber(LevelFilter::INFO, io::sink)).unwrap();
    });
}

/// What is logged.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Logs what this thread does from now on.
    fn begin(level: LevelFilter) -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let guard = tracing::subscriber::set_default(log.subscriber(level));
        (log, guard)
    }

    /// What logs here.
    pub fn subscriber(&self, level: LevelFilter) -> impl Subscriber + Send + Sync + use<> {
        let writer = self.clone();
        telemetry::subscriber(level, move || writer.clone())
    }

    /// All lines.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines that say how a request was answered.
    fn answers(&self) -> Vec<Value> {
        let text = self.text();
        let lines =
            text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line} is not JSON")));
        lines.filter(|line: &Value| line["message"] == "answered").collect()
    }
}

/// A store on a thread of its own: at its finest, it logs what it is sent, which a function's log does not hold.
async fn world_with_a_store_elsewhere() -> World {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            assert!(sender.send(World::without_demo().await).is_ok());
            std::future::pending::<()>().await;
        });
    });
    let world = receiver.await.unwrap();
    demo::seed(&world.app).await.unwrap();
    world
}

const EMAIL: &str = "private.person@example.com";
const PASSWORD: &str = "s3cret-of-a-private-person";
const TITLE: &str = "a task that is nobody's business";

/// Signs up, logs in, uses every kind of credential and makes a task. Gives what must not be in the log.
async fn use_the_api(world: &World, app: &App) -> Vec<String> {
    let account = json!({"email": EMAIL, "password": PASSWORD, "name": "Private Person"});
    let signed_up = answer(app, "auth-signup", with_body(event("auth-signup/created"), &account)).await;
    assert_eq!(signed_up.status, 201);
    let logged_in = answer(app, "auth-login", with_body(event("auth-login/logged-in"), &account)).await;
    assert_eq!(logged_in.status, 200);
    let wrong = json!({"email": EMAIL, "password": format!("{PASSWORD}!")});
    assert_eq!(answer(app, "auth-login", with_body(event("auth-login/logged-in"), &wrong)).await.status, 401);
    // JSON that breaks off behind the password.
    let mut malformed = event("auth-login/logged-in");
    malformed["body"] = json!(format!("{{\"password\": \"{PASSWORD}\""));
    assert_eq!(answer(app, "auth-login", malformed).await.status, 400);
    let token = logged_in.text_at("/access_token").to_owned();
    assert_eq!(answer(app, "auth-me", with_bearer(event("auth-me/user"), &token)).await.status, 200);
    assert_eq!(answer(app, "auth-me", event("auth-me/cookie")).await.status, 200);
    assert_eq!(answer(app, "auth-me", event("auth-me/forged-token")).await.status, 401);
    let task = with_body(event("tasks-create/created"), &json!({"title": TITLE}));
    assert_eq!(answer(app, "tasks-create", task).await.status, 201);
    let session_token = demo::session_token(&world.app);
    vec![
        EMAIL.to_owned(),
        PASSWORD.to_owned(),
        TITLE.to_owned(),
        "Private Person".to_owned(),
        signed_up.text_at("/access_token").to_owned(),
        token,
        session_token,
        demo::EMAIL.to_owned(),
        "theme=dark".to_owned(),
        "$argon2id$".to_owned(),
        LOCAL["JWT_SECRET_KEY"].to_owned(),
    ]
}

#[tokio::test]
async fn the_log_holds_no_password_token_address_cookie_or_content() {
    for level in [LevelFilter::INFO, LevelFilter::DEBUG, LevelFilter::TRACE] {
        let world = world_with_a_store_elsewhere().await;
        let app = world.app_with(&[]).await;
        let (log, _guard) = Log::begin(level);
        let private = use_the_api(&world, &app).await;
        let text = log.text();
        assert_eq!(log.answers().len(), 8, "{text}");
        for private in private {
            let line = text.lines().find(|line| line.contains(&private));
            assert!(line.is_none(), "at {level}, {private} is in {line:?}");
        }
    }
}

/// A mail service that takes everything.
#[derive(Debug)]
struct Taking;

impl Mailer for Taking {
    async fn send(&self, _message: &Message) -> Result<String, SendError> {
        Ok("mail-1".to_owned())
    }
}

/// Asks for mails, has them sent and follows their links. Gives what must not be in the log.
async fn use_mails(world: &World, app: &App) -> Vec<String> {
    let send = async |function: &str, event: Value| answer(app, function, event).await;
    let reset = mailed(Purpose::ResetPassword);
    let change = mailed_about(Purpose::VerifyEmailChange, Some(EMAIL));
    let verify = |token: &str| with_body(event("auth-verify-email-code/verified"), &json!({"code": token}));
    let asked = with_fields(event("auth-change-email/asked"), &json!({"newEmail": EMAIL}));
    assert_eq!(send("auth-change-email", asked).await.status, 200);
    assert_eq!(send("auth-request-password-reset", event("auth-request-password-reset/asked")).await.status, 200);
    assert_eq!(send("auth-send-verification-email", event("auth-send-verification-email/asked")).await.status, 200);
    let key = "the-key-of-a-private-person";
    let create = with_header(event("tasks-create/created-once"), "idempotency-key", key);
    assert_eq!(send("tasks-create", create).await.status, 201);
    let signed_in = send("auth-sign-in-email", event("auth-sign-in-email/signed-in")).await;
    let device = signed_in.cookies.iter().find(|cookie| cookie.contains("known_device")).unwrap();
    let device = device.split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!(send("auth-verify-email-code", verify(&change)).await.status, 200);
    assert_eq!(
        send("auth-reset-password", event("auth-reset-password/code")).await.status,
        400,
        "the address has changed"
    );
    let letters = world.rows("Outbox").await;
    assert_eq!(letters.len(), 4);
    let records: Vec<_> = letters.iter().enumerate().map(|(at, row)| workers::record("INSERT", at, row)).collect();
    let worker = MailWorker::new(world.app.clone(), Taking);
    worker.handle(workers::event(&records), world.app.clock.now().plus_seconds(60)).await;
    let addresses = [EMAIL, demo::EMAIL].map(str::to_owned);
    addresses
        .into_iter()
        .chain([reset, change, key.to_owned(), device, signed_in.text_at("/token").to_owned()])
        .collect()
}

#[tokio::test]
async fn the_log_holds_no_token_of_a_mail_no_address_that_it_goes_to_and_no_key_of_a_request() {
    for level in [LevelFilter::INFO, LevelFilter::TRACE] {
        let world = world_with_a_store_elsewhere().await;
        let app = limited(world.app_with(&[]).await);
        let (log, _guard) = Log::begin(level);
        let private = use_mails(&world, &app).await;
        let text = log.text();
        assert_eq!(log.answers().len(), 7, "{text}");
        assert!(text.contains("\"message\":\"sent\"") && text.contains("\"message\":\"dropped\""), "{text}");
        let codes: Vec<_> = log.answers().iter().filter_map(|line| Some(line["code"].as_str()?.to_owned())).collect();
        assert_eq!(codes, ["invalid_code"]);
        for private in private {
            let line = text.lines().find(|line| line.contains(&private));
            assert!(line.is_none(), "at {level}, {private} is in {line:?}");
        }
    }
}

#[tokio::test]
async fn a_line_says_which_request_was_answered_how_and_for_whom() {
    let world = World::new().await;
    let app = world.app_with(&[]).await;
    let (log, _guard) = Log::begin(LevelFilter::INFO);
    answer(&app, "tasks-list", event("tasks-list/tasks")).await;
    answer(&app, "auth-me", event("auth-me/no-credential")).await;
    let lines = log.answers();
    let [first, second] = lines.as_slice() else { panic!("{}", log.text()) };
    // Lambda keeps or drops a line by its level if it has a time as well, and takes it for news otherwise.
    for line in [first, second] {
        assert_eq!(line["level"], "INFO");
        assert!(OffsetDateTime::parse(line["timestamp"].as_str().unwrap(), &Rfc3339).is_ok(), "{line}");
        assert!(line["duration_ms"].is_u64(), "{line}");
    }
    let without_times = |line: &Value| {
        let mut line = line.clone();
        for time in ["timestamp", "duration_ms"] {
            line.as_object_mut().unwrap().remove(time);
        }
        line
    };
    let expected = json!({
        "level": "INFO",
        "function": "tasks-list",
        "request_id": "JKJaXmPLvHcESHA=",
        "cold_start": true,
        "user_id": demo::PRINCIPAL.user_id.to_string(),
        "status": 200,
        "message": "answered",
    });
    assert_eq!(without_times(first), expected);
    let expected = json!({
        "level": "INFO",
        "function": "auth-me",
        "request_id": "JKJaXmPLvHcESHA=",
        "status": 401,
        "code": "not_authenticated",
        "reason": "no credential",
        "message": "answered",
    });
    assert_eq!(without_times(second), expected);
}

#[tokio::test]
async fn what_is_no_request_is_ignored_with_one_line() {
    let world = World::new().await;
    let app = world.app_with(&[]).await;
    let (log, _guard) = Log::begin(LevelFilter::INFO);
    let others = [
        json!({}),
        json!({"source": "serverless-plugin-warmup"}),
        json!({"warmer": true, "concurrency": 3}),
        json!({"version": "0", "id": "53dc4d37", "detail-type": "Scheduled Event", "source": "aws.events", "time":
            "2030-01-01T00:00:00Z", "region": "eu-central-1", "resources": ["arn"], "detail": {}}),
        json!({"key1": "value1", "key2": "value2"}),
        json!({"Records": [{"eventSource": "aws:sqs", "body": "secret"}]}),
        // What other services call a request.
        json!({"httpMethod": "GET", "path": "/", "headers": null, "requestContext": {"stage": "prod"}, "body": null}),
        json!({"cookies": 1, "headers": [], "body": {}, "version": 2}),
        json!(null),
        json!([]),
        json!([{}]),
        json!("warm"),
        json!(0),
        json!(true),
    ];
    for (count, other) in others.iter().enumerate() {
        let event: Event = serde_json::from_slice(other.to_string().as_bytes()).unwrap();
        let answer = endpoint("tasks-list").receive(&app, event, &Context::default()).await;
        assert!(answer.is_none(), "{other}");
        assert_eq!(log.text().lines().count(), count + 1, "{other}: {}", log.text());
    }
    let text = log.text();
    for line in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        assert_eq!((&line["level"], &line["function"]), (&json!("INFO"), &json!("tasks-list")));
        assert_eq!(line["message"], "ignored an event that is no request");
    }
    assert!(!text.contains("secret"), "{text}");
    // A request still is one, and one that cannot be read is no warm-up: the gateway would take the answer for its client's.
    let request = event("tasks-list/tasks");
    let read: Event = serde_json::from_slice(request.to_string().as_bytes()).unwrap();
    let answer = endpoint("tasks-list").receive(&app, read, &Context::default()).await;
    assert_eq!(answer.map(|answer| answer.status_code), Some(200));
    let mut broken = request;
    broken["headers"] = json!("none");
    assert!(serde_json::from_slice::<Event>(broken.to_string().as_bytes()).is_err());
}

#[tokio::test]
async fn the_cause_of_a_failure_is_logged_once() {
    for (fault, level, code) in [
        (Fault::Error("AccessDeniedException"), "ERROR", "internal"),
        (Fault::Error("ThrottlingException"), "WARN", "unavailable"),
    ] {
        let world = World::new().await;
        let (log, _guard) = Log::begin(LevelFilter::INFO);
        world.recorder.fail(fault, 0..usize::MAX);
        world.send("tasks-list/tasks").await;
        let text = log.text();
        let lines = log.answers();
        let [line] = lines.as_slice() else { panic!("{text}") };
        assert_eq!((&line["level"], &line["code"]), (&json!(level), &json!(code)));
        assert_eq!(line["lambda_request_id"], "6b1f1bfa-0000-4000-8000-000000000000");
        assert_eq!(alarms(line), level == "ERROR", "{line}");
        assert!(line["cause"].as_str().unwrap().contains(INTERNALS), "{line}");
        assert_eq!(text.matches(INTERNALS).count(), 1, "{text}");
    }
}

/// Whether the template's metric filter of faults counts a line.
fn alarms(line: &Value) -> bool {
    counts("FunctionFaults", line)
}

/// Whether a metric filter of the template counts a line: alternatives of comparisons that all have to hold, each of a member that is
/// there.
fn counts(filter: &str, line: &Value) -> bool {
    let template = fs::read_to_string(template_path()).unwrap();
    let (_, resource) = template.split_once(&format!("\n  {filter}:\n")).unwrap();
    let (_, pattern) = resource.split_once("FilterPattern:").unwrap();
    let pattern = pattern.split_once('{').unwrap().1.split_once('}').unwrap().0;
    let pattern = pattern.split_whitespace().collect::<Vec<_>>().join(" ");
    let alternatives = pattern.split(" || ");
    let holds = |comparison: &str| {
        let (member, value) = comparison.split_once(" \"").unwrap();
        let (path, operator) = member.strip_prefix("$.").unwrap().split_once(' ').unwrap();
        let there = line.pointer(&format!("/{}", path.replace('.', "/")));
        there.is_some_and(|there| (*there == value.trim_end_matches('"')) == (operator == "="))
    };
    alternatives
        .map(|alternative| alternative.trim_start_matches('(').trim_end_matches(')'))
        .any(|alternative| alternative.split(" && ").all(holds))
}

#[test]
fn the_alarm_for_faults_counts_crashes_and_errors_and_nothing_else() {
    let report = |status: &str| json!({"type": "platform.report", "record": {"requestId": "1", "status": status}});
    for fault in [report("timeout"), report("error"), json!({"level": "ERROR", "message": "answered"})] {
        assert!(alarms(&fault), "{fault}");
    }
    let start = json!({"type": "platform.start", "record": {"requestId": "1"}});
    for other in [report("success"), start, json!({"level": "WARN"}), json!({"span": {"level": "ERROR"}})] {
        assert!(!alarms(&other), "{other}");
    }
}

#[tokio::test]
async fn failed_sign_ins_are_grouped_by_what_stands_for_the_address_and_the_account() {
    let world = World::new().await;
    let app = limited(world.app_with(&[]).await);
    let (log, _guard) = Log::begin(LevelFilter::INFO);
    let login = |address: &str, email: &str, password: &str| {
        let mut login = with_fields(event("auth-login/logged-in"), &json!({"email": email, "password": password}));
        login["requestContext"]["http"]["sourceIp"] = json!(address);
        login
    };
    for (address, email, password) in [
        ("198.51.100.1", demo::EMAIL, "wrong"),
        ("2001:db8::1", "Demo@Example.com", "wrong"),
        ("198.51.100.1", EMAIL, "wrong"),
        ("198.51.100.2", demo::EMAIL, demo::PASSWORD),
        ("198.51.100.1", EMAIL, "wrong"),
        ("198.51.100.1", demo::EMAIL, demo::PASSWORD),
    ] {
        answer(&app, "auth-login", login(address, email, password)).await;
    }
    let lines = log.answers();
    let spans: Vec<_> = lines.iter().map(|line| (&line["client"], &line["account"])).collect();
    let [first, second, third, right, _, refused] = spans.as_slice() else { panic!("{}", log.text()) };
    assert!(first.0.is_string() && first.1.is_string(), "{}", log.text());
    assert!(first.0 == third.0 && first.0 != second.0 && first.0 == refused.0);
    assert!(first.1 == second.1 && first.1 != third.1 && first.1 == refused.1);
    assert!(right.0.is_null() && right.1.is_null());
    assert_eq!(
        (&lines[0]["code"], &lines[5]["code"], &lines[5]["reason"]),
        (&json!("invalid_credentials"), &json!("rate_limited"), &json!("too many requests"))
    );
    // What counts as a sign-in that failed: each wrong password, and what was refused after them.
    let failed: Vec<_> = lines.iter().map(|line| counts("FailedSignIns", line)).collect();
    assert_eq!(failed, [true, true, true, false, true, true], "{}", log.text());
    for private in ["198.51.100", "2001:db8", demo::EMAIL, "Demo@", EMAIL] {
        assert!(!log.text().contains(private), "{private} is in {}", log.text());
    }
}
