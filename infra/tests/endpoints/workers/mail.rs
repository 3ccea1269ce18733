use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_sdk_dynamodb::types::AttributeValue;
use functions::worker::{
    StreamWorker,
    mail::{LEASE_SECONDS, MailWorker},
};
use infra::demo;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::Value;
use shared::{
    App, accounts,
    domain::{Email, Letter, Occasion, UserId},
    http::Request,
    mail::{Mailer, Message, SendError},
};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{assert_rights, deadline, event, record, seen_needs};
use crate::{
    case::{Given, demo_user},
    recorder::Fault,
    world::{Item, World, text},
};

const FUNCTION: &str = "MailWorker";

/// A mail service that does with each mail what `behave` says of its number, counted from 0, and keeps what it took.
#[derive(Clone)]
struct Service {
    behave: Arc<dyn Fn(usize) -> Behaviour + Send + Sync>,
    state: Arc<Mutex<State>>,
    hanging: Arc<Notify>,
}

#[derive(Default)]
struct State {
    asked: usize,
    taken: Vec<Message>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behaviour {
    Takes,
    Fails,
    Refuses,
    /// It does not answer, and the worker is ended while it waits.
    Hangs,
    /// It takes the mail, and the worker is ended before it hears of it.
    TakesAndHangs,
}

impl Service {
    fn new(behave: impl Fn(usize) -> Behaviour + Send + Sync + 'static) -> Self {
        Self { behave: Arc::new(behave), state: Arc::default(), hanging: Arc::default() }
    }

    fn taken(&self) -> Vec<Message> {
        self.state.lock().unwrap().taken.clone()
    }
}

impl Mailer for Service {
    async fn send(&self, message: &Message) -> Result<String, SendError> {
        let (number, behaviour) = {
            let mut state = self.state.lock().unwrap();
            let behaviour = (self.behave)(state.asked);
            state.asked += 1;
            if matches!(behaviour, Behaviour::Takes | Behaviour::TakesAndHangs) {
                state.taken.push(message.clone());
            }
            (state.asked, behaviour)
        };
        match behaviour {
            Behaviour::Takes => Ok(number.to_string()),
            Behaviour::Fails => Err(SendError::failed("no answer")),
            Behaviour::Refuses => Err(SendError::Refused("MessageRejected".to_owned())),
            Behaviour::Hangs | Behaviour::TakesAndHangs => {
                self.hanging.notify_one();
                std::future::pending().await
            }
        }
    }
}

fn worker(app: &App, service: &Service) -> MailWorker<Service> {
    MailWorker::new(app.clone(), service.clone()).with_pause(Duration::from_millis(1))
}

/// A letter that only tells something.
fn notice(world: &World, to: String) -> Letter {
    let now = world.app.clock.now();
    Letter {
        occasion: Occasion::PasswordChanged,
        to,
        name: "Ann".to_owned(),
        user_id: UserId(Uuid::nil()),
        created_at: now,
        not_after: now.plus_seconds(3600),
        origin: "https://api.example.com".to_owned(),
        callback_url: String::new(),
        state: String::new(),
        new_email: String::new(),
        place: String::new(),
    }
}

/// Asks for a link to set a new password for the demo account.
async fn ask_for_reset(app: &App) {
    let request: ApiGatewayV2httpRequest = serde_json::from_value(crate::event::event("auth-ok/ok")).unwrap();
    let request = Request::from_event(request, &app.config);
    accounts::request_password_reset(app, &request, &Email::parse(demo::EMAIL).unwrap(), "/reset").await.unwrap();
}

/// The letters in the outbox, as the records of their arrival.
async fn arrivals(world: &World) -> Vec<Value> {
    world.rows("Outbox").await.iter().enumerate().map(|(at, row)| record("INSERT", at, row)).collect()
}

/// The one letter in the outbox.
async fn letter(world: &World) -> Item {
    let rows = world.rows("Outbox").await;
    assert_eq!(rows.len(), 1);
    rows.into_iter().next().unwrap()
}

/// What became of the one letter in the outbox.
async fn outcome(world: &World) -> String {
    letter(world).await.get("outcome").map(|outcome| outcome.as_s().unwrap().clone()).unwrap_or_default()
}

/// Hands all letters to a worker, and says how many have to come again.
async fn hand(world: &World, worker: &MailWorker<Service>) -> usize {
    let answer = worker.handle(event(&arrivals(world).await), deadline(world, FUNCTION)).await;
    answer.postponed().count()
}

#[tokio::test]
async fn no_mail_is_lost_and_none_goes_out_twice_but_where_the_worker_dies_with_it() {
    send_in_spite_of_everything(100).await;
}

#[tokio::test]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn no_mail_of_a_thousand_is_lost_and_none_goes_out_twice_but_where_the_worker_dies_with_it() {
    send_in_spite_of_everything(1000).await;
}

/// Hands so many letters to a worker, every tenth twice, while every third attempt to send fails and the worker is ended twice.
async fn send_in_spite_of_everything(letters: usize) {
    let world = World::without_demo().await;
    for number in 0..letters {
        let letter = notice(&world, format!("reader-{number}@example.com"));
        world.app.store.post_letter(Uuid::from_u128(number as u128), &letter).await.unwrap();
    }
    let mut records: Vec<Value> = Vec::new();
    for arrival in arrivals(&world).await {
        records.push(arrival.clone());
        if records.len().is_multiple_of(10) {
            records.push(arrival);
        }
    }
    // The place in the stream is that of the record, not of its first copy.
    for (at, record) in records.iter_mut().enumerate() {
        record["dynamodb"]["SequenceNumber"] = Value::String(at.to_string());
    }
    let service = Service::new(move |number| match number {
        number if number == letters * 2 / 5 => Behaviour::TakesAndHangs,
        number if number == letters * 4 / 5 => Behaviour::Hangs,
        number if number % 3 == 2 => Behaviour::Fails,
        _ => Behaviour::Takes,
    });
    let worker = worker(&world.app, &service);

    let (mut at, mut kills, mut waits) = (0, 0, 0);
    while at < records.len() {
        let batch = &records[at..records.len().min(at + 10)];
        let answer = tokio::select! {
            answer = worker.handle(event(batch), deadline(&world, FUNCTION)) => answer,
            () = service.hanging.notified() => {
                kills += 1;
                continue;
            }
        };
        match answer.postponed().next() {
            None => at += batch.len(),
            // As Lambda does: from the first that has to come again, and, in the end, after the lease.
            Some(first) => {
                at = first.parse().unwrap();
                waits += 1;
                world.pass(LEASE_SECONDS);
            }
        }
    }
    assert_eq!(kills, 2);
    assert!(waits >= 2, "what a dead worker had leased came again before the lease was over");
    let mut mails: BTreeMap<String, usize> = BTreeMap::new();
    for mail in service.taken() {
        *mails.entry(mail.to).or_default() += 1;
    }
    assert_eq!(mails.len(), letters, "mails are lost");
    assert_eq!(service.taken().len(), letters + 1, "one kill was between the service's yes and the note of it");
    assert!(world.rows("Outbox").await.iter().all(|row| row.contains_key("processed_at")));
}

#[tokio::test]
async fn a_record_that_two_workers_have_at_once_is_sent_once() {
    let world = World::without_demo().await;
    world.app.store.post_letter(Uuid::nil(), &notice(&world, demo::EMAIL.to_owned())).await.unwrap();
    let service = Service::new(|_| Behaviour::Takes);
    let (one, other) = (worker(&world.app, &service), worker(&world.app, &service));
    tokio::join!(hand(&world, &one), hand(&world, &other));
    assert_eq!(hand(&world, &one).await, 0);
    assert_eq!(service.taken().len(), 1);
}

#[tokio::test]
async fn what_a_letter_was_about_is_forgotten_once_it_is_sent() {
    let world = World::new().await;
    world.change("Users", &demo_user(), "email_verified", AttributeValue::Bool(true)).await;
    ask_for_reset(&world.app).await;
    assert!(format!("{:?}", letter(&world).await).contains(demo::EMAIL));
    let service = Service::new(|_| Behaviour::Takes);
    assert_eq!(hand(&world, &worker(&world.app, &service)).await, 0);
    let row = letter(&world).await;
    assert!(!format!("{row:?}").contains("example.com"), "{row:?}");
    assert_eq!(row["outcome"], text("sent: 1"));
    assert_eq!(service.taken()[0].to, demo::EMAIL);
    assert!(service.taken()[0].text.starts_with("Hello Demo,"), "the name comes from the account");
}

#[tokio::test]
async fn a_letter_whose_purpose_has_passed_is_dropped() {
    for (reason, change) in [
        ("too late", 0),
        ("the account is gone", 1),
        ("the account has changed", 2),
        ("the account has changed", 3),
        ("the address is verified already", 4),
    ] {
        let world = World::new().await;
        let user = [("user_id", text(demo::PRINCIPAL.user_id))];
        if change == 4 {
            let request: ApiGatewayV2httpRequest = serde_json::from_value(crate::event::event("auth-ok/ok")).unwrap();
            let request = Request::from_event(request, &world.app.config);
            let email = Email::parse(demo::EMAIL).unwrap();
            accounts::request_verification(&world.app, &request, &email, "").await.unwrap();
        } else {
            ask_for_reset(&world.app).await;
        }
        match change {
            0 => world.pass(3600),
            1 => {
                let key = ("user_id", text(demo::PRINCIPAL.user_id));
                world.store.delete_item().table_name("Users").key(key.0, key.1).send().await.unwrap();
            }
            2 => world.change("Users", &user, "email", text("new@example.com")).await,
            3 => Given::PasswordChanged.arrange(&world).await,
            _ => world.change("Users", &user, "email_verified", AttributeValue::Bool(true)).await,
        }
        let service = Service::new(|_| Behaviour::Takes);
        assert_eq!(hand(&world, &worker(&world.app, &service)).await, 0, "{reason}");
        assert_eq!(outcome(&world).await, format!("dropped: {reason}"));
        assert!(service.taken().is_empty(), "{reason}");
    }
}

#[tokio::test]
async fn a_letter_to_nobody_is_never_looked_at() {
    let world = World::without_demo().await;
    ask_for_reset(&world.app).await;
    assert_eq!(letter(&world).await["occasion"], text("nobody"));
    let service = Service::new(|_| Behaviour::Takes);
    world.recorder.take();
    assert_eq!(hand(&world, &worker(&world.app, &service)).await, 0);
    assert!(world.recorder.take().is_empty() && service.taken().is_empty());
}

#[tokio::test]
async fn a_link_asked_for_before_the_secret_was_rotated_is_made_with_the_new_one() {
    const NEW: &str = "another-secret-0123456789-0123456789";
    let world = World::new().await;
    ask_for_reset(&world.app).await;
    let old = crate::world::LOCAL["JWT_SECRET_KEY"];
    let rotated = world.app_with(&[("JWT_SECRET_KEY", NEW), ("JWT_SECRET_KEY_PREVIOUS", old)]).await;
    let service = Service::new(|_| Behaviour::Takes);
    assert_eq!(hand(&world, &worker(&rotated, &service)).await, 0);
    let url = &service.taken()[0].url;
    let (_, rest) = url.split_once("/reset-password/").unwrap();
    let (token, _) = rest.split_once('?').unwrap();
    let without_the_old = world.app_with(&[("JWT_SECRET_KEY", NEW)]).await;
    let (user, _) = accounts::find_by_reset_token(&without_the_old, token).await.unwrap().unwrap();
    assert_eq!(user.id, demo::PRINCIPAL.user_id);
}

#[tokio::test]
async fn a_mail_that_the_service_refuses_is_not_tried_again() {
    let world = World::without_demo().await;
    world.app.store.post_letter(Uuid::nil(), &notice(&world, demo::EMAIL.to_owned())).await.unwrap();
    let service = Service::new(|_| Behaviour::Refuses);
    let worker = worker(&world.app, &service);
    assert_eq!((hand(&world, &worker).await, hand(&world, &worker).await), (0, 0));
    assert_eq!(outcome(&world).await, "refused: MessageRejected");
    assert_eq!(service.state.lock().unwrap().asked, 1);
}

#[tokio::test]
async fn a_mail_that_fails_is_tried_three_times_and_comes_again_at_once() {
    let world = World::without_demo().await;
    world.app.store.post_letter(Uuid::nil(), &notice(&world, demo::EMAIL.to_owned())).await.unwrap();
    let service = Service::new(|number| if number < 3 { Behaviour::Fails } else { Behaviour::Takes });
    let worker = worker(&world.app, &service);
    assert_eq!(hand(&world, &worker).await, 1);
    assert_eq!(service.state.lock().unwrap().asked, 3);
    assert_eq!(hand(&world, &worker).await, 0);
    assert_eq!(service.taken().len(), 1);
}

#[tokio::test]
async fn nothing_is_begun_that_there_is_no_time_for() {
    let world = World::without_demo().await;
    world.app.store.post_letter(Uuid::nil(), &notice(&world, demo::EMAIL.to_owned())).await.unwrap();
    let service = Service::new(|_| Behaviour::Takes);
    let worker = worker(&world.app, &service);
    let answer = worker.handle(event(&arrivals(&world).await), world.app.clock.now().plus_seconds(9)).await;
    assert_eq!(answer.postponed().count(), 1);
    assert!(service.taken().is_empty() && !letter(&world).await.contains_key("leased_until"));
}

#[tokio::test]
async fn a_store_that_is_away_loses_no_letter() {
    let world = World::without_demo().await;
    world.app.store.post_letter(Uuid::nil(), &notice(&world, demo::EMAIL.to_owned())).await.unwrap();
    let service = Service::new(|_| Behaviour::Takes);
    let worker = worker(&world.app, &service);
    let records = arrivals(&world).await;
    world.recorder.fail(Fault::ServerError, 0..usize::MAX);
    let answer = worker.handle(event(&records), deadline(&world, FUNCTION)).await;
    assert_eq!((answer.postponed().count(), service.taken().len()), (1, 0));
    // The note of the outcome is tried as long as there is time: the first two attempts, of three calls each, fail.
    world.recorder.fail(Fault::ServerError, 1..7);
    let answer = worker.handle(event(&records), deadline(&world, FUNCTION)).await;
    world.recorder.heal();
    assert_eq!((answer.postponed().count(), service.taken().len()), (0, 1));
    assert_eq!(outcome(&world).await, "sent: 1");
}

#[tokio::test]
async fn it_may_do_what_it_does_and_nothing_else() {
    let world = World::new().await;
    ask_for_reset(&world.app).await;
    world.recorder.take();
    hand(&world, &worker(&world.app, &Service::new(|_| Behaviour::Takes))).await;
    let identities = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*";
    assert_rights(FUNCTION, seen_needs(&world), &[("ses:SendEmail", identities)]);
}
