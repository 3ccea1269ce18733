//! What every endpoint has around it: from an event to an answer, and from a process to the Lambda runtime.

use std::{future::Future, pin::Pin, process::ExitCode, time::Instant};

use lambda_http::{
    Context, LambdaEvent,
    aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    lambda_runtime, service_fn,
};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny},
};
use serde_json::value::RawValue;
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
    telemetry,
};
use tracing::Instrument;

/// What an endpoint does, in a form that a constant can hold.
pub(crate) type Handler = for<'a> fn(&'a App, &'a Request) -> Answer<'a>;

/// An answer to come.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send + 'a>>;

/// What invokes a function.
#[derive(Debug)]
pub enum Event {
    /// A request.
    Request(Box<ApiGatewayV2httpRequest>),
    /// Something else, to keep the function warm or to try it: a scheduled event, `{}`.
    Other,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct AnyRequest {
            #[serde(rename = "requestContext")]
            _request_context: AnyContext,
        }
        #[derive(Deserialize)]
        struct AnyContext {
            #[serde(rename = "http")]
            _http: IgnoredAny,
        }
        // As text, which costs next to nothing: where the event turns out to be no request is not where it ends.
        let text = <&RawValue>::deserialize(deserializer)?.get();
        match serde_json::from_str(text) {
            Ok(request) => Ok(Self::Request(request)),
            // The gateway takes any answer for one to its client: a request that cannot be read must not pass for something else.
            Err(error) if serde_json::from_str::<AnyRequest>(text).is_ok() => Err(D::Error::custom(error)),
            Err(_) => Ok(Self::Other),
        }
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
        let span = telemetry::request_span(self.name, &request.id, &context.request_id, app.is_first_request());
        async {
            let result = match self.dialect.admit(&mut request, &app.config) {
                Ok(()) => (self.handle)(app, &request).await,
                Err(error) => Err(error),
            };
            let (response, error) = match result {
                Ok(response) => (response, None),
                Err(error) => (self.dialect.render(&error, &request), Some(error)),
            };
            let code = error.as_ref().map_or("", |error| self.dialect.code(error));
            telemetry::log_answer(response.status().as_u16(), code, error.as_ref(), begun);
            response.secured(&request.own_origin).into()
        }
        .instrument(span)
        .await
    }
}

/// Serves an endpoint as a Lambda function, until the environment ends.
pub fn run(endpoint: Endpoint) -> ExitCode {
    telemetry::init();
    // One request at a time needs one thread; hashing has a thread of its own.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed_to_start(&error),
    };
    let result = runtime.block_on(async {
        let app = App::from_variables(|name| std::env::var(name).ok()).await?;
        lambda_runtime::run(service_fn(|event: LambdaEvent<Event>| {
            let app = &app;
            async move { Ok::<_, lambda_http::Error>(endpoint.receive(app, event.payload, &event.context).await) }
        }))
        .await
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed_to_start(error.as_ref()),
    }
}

fn failed_to_start(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!(cause = %error, "the function cannot run");
    ExitCode::FAILURE
}
