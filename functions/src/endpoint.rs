//! What every endpoint has around it, from an event to an answer.

use std::{
    future::Future,
    pin::Pin,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use lambda_http::{
    Context, LambdaEvent,
    aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    http::{Method, StatusCode},
    lambda_runtime, service_fn,
};
use shared::{
    App, Error, dynamodb,
    http::{Dialect, Request, Response},
    limits::Limit,
    telemetry,
};
use tracing::Instrument;

use crate::{Event, WITHOUT_SECRET, limiter, runtime};

/// What an endpoint does, in a form that a constant can hold.
pub(crate) type Handler = for<'a> fn(&'a App, &'a Request) -> Answer<'a>;

/// An answer to come.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send + 'a>>;

/// What a request takes, which the memory of its function and the throttle of its route in `template.yaml` are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It mostly waits for DynamoDB.
    Standard,
    /// It hashes a password.
    Hashing,
    /// It hashes a password for whoever asks: what people guess at.
    Login,
}

impl Class {
    /// The memory of the function in MB, where it is not what the template gives to all. 1769 MB is one whole processor
    /// (AWS Lambda Developer Guide, "Configure Lambda function memory"): Argon2id is processor time and 19 MiB, so half the
    /// memory would take twice as long and cost the same, and the person signing in would wait.
    pub const fn memory_mb(self) -> Option<u32> {
        match self {
            Self::Standard => None,
            Self::Hashing | Self::Login => Some(1769),
        }
    }

    /// How many requests the route takes in a second, where it is not what the template gives to all; at once, twice as many.
    /// The limit is that of the whole route, not of one client, so it leaves room for a busy morning.
    pub const fn requests_per_second(self) -> Option<u32> {
        match self {
            Self::Standard => None,
            Self::Hashing => Some(10),
            Self::Login => Some(20),
        }
    }

    /// Whether the template's `LoginReservedConcurrency` holds it down.
    pub const fn has_reserved_concurrency(self) -> bool {
        matches!(self, Self::Login)
    }
}

/// An endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The name of its function and its binary.
    pub name: &'static str,
    /// The method of its route; `ANY` for all.
    pub method: &'static str,
    /// The path of its route in the template's notation; `$default` for what no other route takes.
    pub path: &'static str,
    /// How its errors read.
    pub dialect: Dialect,
    /// What a request takes.
    pub class: Class,
    /// How many requests it takes, where they are counted.
    pub limit: Option<Limit>,
    /// What it does.
    pub handle: Handler,
}

impl Endpoint {
    /// Answers an event if it is a request, and notes it if not: that is no fault.
    pub async fn receive(&self, app: &App, event: Event, context: &Context) -> Option<ApiGatewayV2httpResponse> {
        match event {
            Event::Request(request) => Some(self.answer(app, *request, context).await),
            Event::Other => {
                telemetry::log_ignored(self.name, &context.request_id);
                None
            }
        }
    }

    /// Answers an event. Whatever goes wrong, there is an answer: an error would reach the client as the gateway's own.
    pub async fn answer(
        &self,
        app: &App,
        event: ApiGatewayV2httpRequest,
        context: &Context,
    ) -> ApiGatewayV2httpResponse {
        let begun = Instant::now();
        let mut request = Request::from_event(event, &app.config);
        let span = telemetry::request_span(self.name, &request.id, app.is_first_request());
        async {
            let result = match self.dialect.admit(&mut request, &app.config) {
                // A gateway that takes HEAD for a GET would let who only looks at a link in a mail use it up.
                _ if self.method == "GET" && request.method == Method::HEAD => Ok(Response::new(StatusCode::NOT_FOUND)),
                Ok(()) => within_its_time(context, limiter::answer(self, app, &request)).await,
                Err(error) => Err(error),
            };
            let dialect = self.dialect.spoken_in(&request);
            let (response, error) = match result {
                Ok(response) => (response, None),
                Err(error) => (dialect.render(&error, &request), Some(error)),
            };
            let code = error.as_ref().map_or("", |error| dialect.code(error));
            telemetry::log_answer(response.status().as_u16(), code, error.as_ref(), &context.request_id, begun);
            response.secured(&request.own_origin).into()
        }
        .instrument(span)
        .await
    }
}

/// What a function needs of its time to say that the store has not answered.
const TIME_TO_ANSWER: Duration = Duration::from_secs(1);

/// Lets the store answer until shortly before the platform ends the function, if it says when that is.
async fn within_its_time<T>(context: &Context, work: impl Future<Output = T>) -> T {
    match context.deadline().duration_since(SystemTime::now()) {
        Ok(left) => {
            let end = tokio::time::Instant::now() + left.saturating_sub(TIME_TO_ANSWER);
            dynamodb::until(end, work).await
        }
        Err(_) => work.await,
    }
}

/// Serves an endpoint as a Lambda function, until the environment ends.
// Never inlined, so that all of it is compiled once, in this library, and a binary is only linked.
#[inline(never)]
pub fn run(endpoint: Endpoint) -> ExitCode {
    runtime::run(async {
        let variable = |name: &str| std::env::var(name).ok();
        let app = if WITHOUT_SECRET.contains(&endpoint.name) {
            App::without_secret(variable).await?
        } else {
            App::from_variables(variable).await?
        };
        let answer = service_fn(|event: LambdaEvent<Event>| {
            let app = &app;
            async move { Ok::<_, lambda_http::Error>(endpoint.receive(app, event.payload, &event.context).await) }
        });
        // Not `lambda_runtime::run`, which puts every event into a span that no log line shows.
        lambda_runtime::Runtime::new(answer).run().await
    })
}
