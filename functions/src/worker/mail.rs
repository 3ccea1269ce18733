//! The mail worker: sends the letters of the outbox.
//!
//! A letter is leased before it is sent and its outcome noted after, so that a record that comes twice sends nothing twice. Two things
//! still can: a worker that dies between the mail service's yes and its own note, and a yes that is lost on its way here.

use std::{process::ExitCode, time::Duration};

use shared::{
    App, Error,
    accounts::{Preparation, prepare_letter},
    domain::{Letter, Timestamp},
    mail::{Mailer, Message, SendError},
    store::Lease,
    telemetry,
};
use uuid::Uuid;

use super::{Record, StreamAnswer, StreamEvent, StreamWorker, ses::Ses, stream};

/// How long a letter is ours, in seconds. Longer than the function may run: a lease that has ended belongs to nobody alive.
pub const LEASE_SECONDS: i64 = 60;

/// How often handing a mail over is tried before its record has to come again.
const ATTEMPTS: u32 = 3;

/// The time that an attempt and the note of its outcome may take, in seconds: none is begun with less left.
const ATTEMPT_SECONDS: i64 = 10;

/// How long to stand back before the second attempt, at least; twice as long before the third.
const PAUSE: Duration = Duration::from_millis(400);

/// Sends letters through a mail service.
#[derive(Debug)]
pub struct MailWorker<M> {
    app: App,
    mailer: M,
    pause: Duration,
}

impl<M: Mailer + Sync> MailWorker<M> {
    /// A worker that hands its mails to `mailer`.
    pub fn new(app: App, mailer: M) -> Self {
        Self { app, mailer, pause: PAUSE }
    }

    /// The same with another pause between attempts.
    #[must_use]
    pub fn with_pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Deals with a letter. What is `false` has to come again.
    async fn deliver(&self, id: Uuid, deadline: Timestamp) -> Result<bool, Error> {
        let now = self.app.clock.now();
        if !self.has_time(deadline) {
            return Ok(false);
        }
        let until = now.plus_seconds(LEASE_SECONDS);
        let letter = match self.app.store.lease_letter(id, now, until).await? {
            Lease::Acquired(letter) => *letter,
            Lease::AlreadyProcessed => return Ok(true),
            // Whoever has it may have died: only the end of the lease says so.
            Lease::HeldByAnother => return Ok(false),
        };
        match self.send(id, letter, deadline).await {
            Ok(outcome) => {
                self.record_outcome(id, &outcome, deadline).await?;
                Ok(true)
            }
            Err(error) => {
                // One that is not given back ends by itself.
                if let Err(error) = self.app.store.release_letter(id, until).await {
                    telemetry::log_postponed(id, &error);
                }
                Err(error)
            }
        }
    }

    /// What became of a letter that is ours.
    async fn send(&self, id: Uuid, letter: Letter, deadline: Timestamp) -> Result<String, Error> {
        let occasion = letter.occasion;
        let message = match prepare_letter(&self.app, letter).await? {
            Preparation::Ready(message) => message,
            Preparation::Dropped(reason) => {
                tracing::info!(%id, ?occasion, reason, "dropped");
                return Ok(format!("dropped: {reason}"));
            }
        };
        match self.send_with_retries(&message, deadline).await? {
            Ok(mail_id) => {
                tracing::info!(%id, ?occasion, mail_id, "sent");
                Ok(format!("sent: {mail_id}"))
            }
            Err(reason) => {
                tracing::warn!(%id, ?occasion, reason, "refused");
                Ok(format!("refused: {reason}"))
            }
        }
    }

    /// Hands a mail over, in a few attempts: its id, or why it never will be taken.
    async fn send_with_retries(&self, message: &Message, deadline: Timestamp) -> Result<Result<String, String>, Error> {
        let mut attempt = 1;
        loop {
            match self.mailer.send(message).await {
                Ok(mail_id) => return Ok(Ok(mail_id)),
                Err(SendError::Refused(reason)) => return Ok(Err(reason)),
                Err(SendError::Failed(_)) if attempt < ATTEMPTS && self.has_time(deadline) => {
                    self.stand_back(attempt).await?;
                    attempt += 1;
                }
                Err(SendError::Failed(cause)) => return Err(Error::Unavailable(cause)),
            }
        }
    }

    /// Notes what became of a letter. A mail that went out and is not noted goes out again, so this tries as long as it can.
    async fn record_outcome(&self, id: Uuid, outcome: &str, deadline: Timestamp) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            match self.app.store.record_outcome(id, outcome, self.app.clock.now()).await {
                Err(Error::Unavailable(_)) if self.app.clock.now() < deadline => {
                    self.stand_back(attempt).await?;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn has_time(&self, deadline: Timestamp) -> bool {
        self.app.clock.now().plus_seconds(ATTEMPT_SECONDS) <= deadline
    }

    /// Waits before another attempt: the longer the more there were, and never as long as anybody else.
    async fn stand_back(&self, attempt: u32) -> Result<(), Error> {
        let [random] = self.app.random.bytes()?;
        let pause = self.pause * attempt;
        tokio::time::sleep(pause + pause * u32::from(random) / 256).await;
        Ok(())
    }

    /// The letter that a record is about, if it is a new one with somebody to send it to.
    fn letter_of(record: &Record) -> Option<Uuid> {
        let is_for_somebody = record.is_insert() && record.text("occasion") != Some("nobody");
        is_for_somebody.then(|| Uuid::parse_str(record.text("outbox_id")?).ok()).flatten()
    }
}

impl<M: Mailer + Sync> StreamWorker for MailWorker<M> {
    const NAME: &'static str = "mail-worker";

    async fn handle(&self, event: StreamEvent, deadline: Timestamp) -> StreamAnswer {
        let mut answer = StreamAnswer::default();
        for record in &event.records {
            let Some(id) = Self::letter_of(record) else { continue };
            match self.deliver(id, deadline).await {
                Ok(true) => {}
                Ok(false) => answer.postpone(record),
                Err(error) => {
                    telemetry::log_postponed(id, &error);
                    answer.postpone(record);
                }
            }
        }
        answer
    }
}

/// Serves the worker as a Lambda function, through SES.
pub fn run() -> ExitCode {
    crate::runtime::run(async {
        let variable = |name: &str| std::env::var(name).ok();
        let worker = MailWorker::new(App::from_variables(variable).await?, Ses::connect(variable)?);
        stream::serve(&worker).await
    })
}
