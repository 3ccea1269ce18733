use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use serde_json::{Value, json};
use shared::{
    Error,
    config::Config,
    http::{Dialect, Request},
};

/// A refusal as the dialect's own renderer answers it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// The code; empty where there is none.
    pub(super) code: String,
    /// What it says to a person.
    pub(super) sentence: String,
    /// The body; nothing where there is none.
    pub(super) body: Option<Value>,
    pub(super) headers: Vec<String>,
}

impl Refusal {
    /// Has an error rendered.
    ///
    /// # Errors
    /// There is no request that it could be the answer to.
    pub(super) fn of(error: &Error, dialect: Dialect) -> Result<Self, Error> {
        let variable =
            |name: &str| (name == "JWT_SECRET_KEY").then(|| "signs nothing, and is 32 characters long".into());
        let config = Config::from_variables(variable).map_err(|error| Error::internal(error.to_string()))?;
        let event =
            json!({"requestContext": {"requestId": "JKJaXmPLvHcESHA=", "http": {"method": "GET"}}, "headers": {}});
        let event: ApiGatewayV2httpRequest = serde_json::from_value(event).map_err(Error::internal)?;
        let answer = ApiGatewayV2httpResponse::from(dialect.render(error, &Request::from_event(event, &config)));
        let body = match answer.body {
            Some(lambda_http::Body::Text(text)) => serde_json::from_str::<Value>(&text).ok(),
            _ => None,
        };
        let text = |name: &str| {
            let value = body.as_ref().and_then(|body| body.get(name));
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let mut headers: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        headers.retain(|name| name != "content-type");
        if !answer.cookies.is_empty() {
            headers.push("set-cookie".to_owned());
        }
        let sentence = if matches!(dialect, Dialect::Plain) { text("detail") } else { text("message") };
        let status = u16::try_from(answer.status_code).map_err(Error::internal)?;
        Ok(Self { status, code: text("code"), sentence, headers, body })
    }
}
