//! `tasks-get` with the same endpoint, built and started the way that most guides show: every crate with its default features,
//! and the SDK configured by looking for everything it can be configured with.

use aws_config::BehaviorVersion;
use functions::tasks::get::ENDPOINT;
use lambda_http::{
    Error, LambdaEvent, aws_lambda_events::apigw::ApiGatewayV2httpRequest, lambda_runtime, service_fn, tracing,
};
use shared::{App, clock::Clock, config::Config, random::Random};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let sdk = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = aws_sdk_dynamodb::Client::new(&sdk);
    let config = Config::from_variables(|name| std::env::var(name).ok())?;
    let app = App::new(config, client, Clock::system(), Random::secure())?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let app = &app;
        async move { Ok::<_, Error>(ENDPOINT.answer(app, event.payload, &event.context).await) }
    }))
    .await
}
