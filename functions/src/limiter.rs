//! What stands between an endpoint and too many requests: they are counted beside what its handler reads, and what the handler
//! writes, and the passwords that it compares, wait until it is known whether this one is allowed. No handler knows of it.

use shared::{
    App, Error,
    domain::{Email, SessionId},
    gate::Gate,
    http::{Request, Response},
    identity::{device_token, pseudonym},
    limits::{self, Also, By, Limit, Rule},
    telemetry,
};

use crate::Endpoint;

/// Answers a request, if there were not too many.
pub(crate) async fn answer(endpoint: &Endpoint, app: &App, request: &Request) -> Result<Response, Error> {
    let Some(limit) = endpoint.limit else { return (endpoint.handle)(app, request).await };
    let attempt = app.config.limits.enabled.then(|| Attempt::of(app, request, &limit));
    let answer = match attempt.as_ref().and_then(|attempt| attempt.counts(app, &limit)) {
        Some(counts) => answer_if_allowed(endpoint, &counts, app, request).await,
        None => (endpoint.handle)(app, request).await,
    };
    if let Err(Error::RateLimited(_) | Error::InvalidCredentials | Error::InvalidPassword) = &answer {
        attempt.unwrap_or_else(|| Attempt::of(app, request, &limit)).record(app);
    }
    answer
}

async fn answer_if_allowed(
    endpoint: &Endpoint,
    counts: &Counts,
    app: &App,
    request: &Request,
) -> Result<Response, Error> {
    let (gate, opener) = Gate::shut();
    let app_behind_gate = app.behind(&gate);
    let mut handled = (endpoint.handle)(&app_behind_gate, request);
    let mut counted = Box::pin(count(app, counts));
    tokio::select! {
        biased;
        allowed = &mut counted => {
            allowed?;
            opener.open();
            handled.await
        }
        // It has only read, so that an answer of the kind that refuses can still take its place.
        answer = &mut handled => {
            counted.await?;
            answer
        }
    }
}

/// Counts a request as what it is, all at once: one of its client's and, where there is one, a try at a password or a mail.
///
/// Where that cannot be done, the request is answered without: a table that is not available, or slow, takes nobody's sign-in away,
/// and the gateway's throttles go on.
async fn count(app: &App, counts: &Counts) -> Result<(), Error> {
    let now = app.clock.now();
    let (key, rule) = &counts.of_client;
    let of_client = app.store.count_request(key, rule, now);
    let Some((other_key, other_rule)) = &counts.other else { return verdict(of_client.await) };
    let (of_client, other) = tokio::join!(of_client, app.store.count_request(other_key, other_rule, now));
    if let (Ok(Some(_)), Ok(None)) = (&of_client, &other) {
        // It is no try at all: who asks too often has not used up what the account has.
        if let Err(error) = app.store.uncount_request(other_key, now).await {
            telemetry::log_uncounted(&error);
        }
    }
    verdict(of_client).and(verdict(other))
}

fn verdict(counted: Result<Option<u64>, Error>) -> Result<(), Error> {
    match counted {
        Ok(None) => Ok(()),
        Ok(Some(seconds)) => Err(Error::RateLimited(seconds)),
        Err(error) => {
            telemetry::log_uncounted(&error);
            Ok(())
        }
    }
}

/// What a request counts as: keys of counters, and the rule of each.
struct Counts {
    of_client: (String, Rule),
    other: Option<(String, Rule)>,
}

/// Who tries what, as far as that can be told before anything is read.
struct Attempt {
    client: String,
    /// The address of the account that it is about, or that mails go to.
    account: Option<Email>,
    session: Option<SessionId>,
    device: Option<SessionId>,
}

impl Attempt {
    fn of(app: &App, request: &Request, limit: &Limit) -> Self {
        let field = match (limit.by, limit.also) {
            (By::Device, _) => Some("email"),
            (_, Also::Mails(field)) => Some(field),
            _ => None,
        };
        let account = field.and_then(|field| Email::parse_typed(&request.text_field(field)?).ok());
        let device = account
            .as_ref()
            .filter(|_| limit.by == By::Device)
            .and_then(|email| device_token::known_device(&app.keys, request, email.as_str(), app.clock.now()));
        let session = (limit.by == By::Session).then(|| app.credential(request).of_anybody()).flatten();
        Self {
            client: limits::client(&request.source_ip),
            account,
            session: session.map(|principal| principal.session_id),
            device,
        }
    }

    fn counts(&self, app: &App, limit: &Limit) -> Option<Counts> {
        let Self { client, account, session, device } = self;
        if limit.by == By::Session && session.is_none() {
            return None;
        }
        let key = |counted_as: &str, kind: &str, value: &str| {
            format!("{counted_as}|{}", pseudonym(&app.keys.current, kind, value))
        };
        let own = match (session, device) {
            (Some(session), _) => Some(("session", session.to_string())),
            (_, Some(device)) => Some(("device", device.to_string())),
            _ => None,
        };
        let account = account.as_ref().map(|email| ("account", email.as_str().to_owned()));
        let (kind, value) = own.clone().unwrap_or_else(|| ("client", client.clone()));
        let of_client = (key(limit.counted_as, kind, &value), limit.rule);
        let other = match limit.also {
            Also::Nothing => None,
            Also::Guesses => {
                let rule = Rule::guesses(app.config.limits.guesses_per_hour);
                own.or(account).map(|(kind, value)| (key("guesses", kind, &value), rule))
            }
            // By what they are, so that asking for one kind of mail keeps nobody from another.
            Also::Mails(_) => {
                let counted_as = format!("mails-{}", limit.counted_as);
                account.map(|(kind, value)| (key(&counted_as, kind, &value), Rule::MAILS))
            }
        };
        Some(Counts { of_client, other })
    }

    fn record(&self, app: &App) {
        let keys = &app.keys.current;
        let account = self.account.as_ref().map(|email| pseudonym(keys, "account", email.as_str()));
        telemetry::record_attempt(&pseudonym(keys, "client", &self.client), account.as_deref());
    }
}
