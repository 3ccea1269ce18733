//! What invokes a function: requests, and what is none.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny},
};
use serde_json::value::RawValue;

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
