//! Queries whose answers stay the bytes that came: a page of a thousand items is read once, where it lies. The SDK makes two maps
//! and five strings of an item before anybody asks for one.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, http::HttpResponse,
        interceptors::BeforeSerializationInterceptorContextRef,
    },
    error::{BoxError, ErrorMetadata},
    operation::query::{QueryError, QueryOutput, builders::QueryFluentBuilder},
};
use aws_smithy_runtime_api::client::{
    interceptors::context,
    orchestrator::OrchestratorError,
    ser_de::{DeserializeResponse, SharedResponseDeserializer},
};
use aws_smithy_types::body::SdkBody;
use serde::Deserialize;
use tokio::task_local;

use super::store_error;
use crate::Error;

/// What a query was answered with.
#[derive(Debug)]
pub struct QueryAnswer(SdkBody);

task_local! {
    /// Where the answer of the query that is under way is kept.
    static KEPT: Kept;
}

/// Sends a query of a client that [`connect`](super::connect) has made, with all of the SDK's retries and times, and keeps the answer
/// as it came.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn query(request: QueryFluentBuilder) -> Result<QueryAnswer, Error> {
    let kept = Kept::default();
    KEPT.scope(kept.clone(), request.send()).await.map_err(store_error)?;
    let answer = kept.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    answer.map(QueryAnswer).ok_or_else(|| Error::internal("the client keeps no answers"))
}

impl QueryAnswer {
    /// Its items, which may lie in it, and the key of the last one that was read, if there are more behind that.
    ///
    /// # Errors
    /// [`Error::Internal`] if it is not of that form.
    pub fn read<'a, T: Deserialize<'a>, K: Deserialize<'a>>(&'a self) -> Result<(Vec<T>, Option<K>), Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer<T, K> {
            #[serde(default = "Vec::new")]
            items: Vec<T>,
            #[serde(default = "Option::default")]
            last_evaluated_key: Option<K>,
        }
        let text = str::from_utf8(self.0.bytes().unwrap_or_default()).map_err(Error::internal)?;
        let answer: Answer<T, K> = serde_json::from_str(text).map_err(Error::internal)?;
        Ok((answer.items, answer.last_evaluated_key))
    }
}

/// Puts the keeping of a kept answer in place of its reading. It is the client's: for an interceptor that is a call's own, the SDK
/// puts the configuration of the call together anew.
#[derive(Debug)]
pub(super) struct Keeper;

impl Intercept for Keeper {
    fn name(&self) -> &'static str {
        "kept answers"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Of other calls the answers are read by the SDK.
        if let Ok(kept) = KEPT.try_with(Kept::clone) {
            config.interceptor_state().store_put(SharedResponseDeserializer::new(kept));
        }
        Ok(())
    }
}

/// The body of an answer, once it is there.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Option<SdkBody>>>);

impl DeserializeResponse for Kept {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        _: &ConfigBag,
    ) -> Result<context::Output, OrchestratorError<context::Error>> {
        if response.status().is_success() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = response.body().try_clone();
            return Ok(context::Output::erase(QueryOutput::builder().build()));
        }
        let failure = QueryError::generic(failure(response.body().bytes().unwrap_or_default()));
        Err(OrchestratorError::operation(context::Error::erase(failure)))
    }
}

/// The code and the message of an error, as far as the body has them: what is retried depends on the code and on the status.
fn failure(body: &[u8]) -> ErrorMetadata {
    #[derive(Default, Deserialize)]
    struct Failure {
        #[serde(rename = "__type")]
        code: Option<String>,
        #[serde(alias = "Message")]
        message: Option<String>,
    }
    let failure: Failure = serde_json::from_slice(body).unwrap_or_default();
    // `com.amazonaws.dynamodb.v20120810#ThrottlingException`
    let code = failure.code.as_deref().and_then(|code| code.rsplit('#').next());
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    if let Some(message) = failure.message {
        metadata = metadata.message(message);
    }
    metadata.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl QueryAnswer {
        /// The answer of this text.
        pub(crate) fn of(text: String) -> Self {
            Self(SdkBody::from(text))
        }
    }

    #[test]
    fn an_error_has_its_code_and_message_and_what_is_none_has_neither() {
        for (body, code, message) in [
            (
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slower"}"#,
                Some("ThrottlingException"),
                Some("slower"),
            ),
            (r#"{"__type":"ValidationException","Message":"no"}"#, Some("ValidationException"), Some("no")),
            ("{}", None, None),
            ("<html>", None, None),
            ("", None, None),
        ] {
            let failure = failure(body.as_bytes());
            assert_eq!((failure.code(), failure.message()), (code, message), "{body}");
        }
    }

    #[test]
    fn what_is_no_answer_is_a_fault() {
        for body in ["", "{", "1", r#"{"Items":1}"#] {
            let answer = QueryAnswer::of(body.to_owned());
            assert!(matches!(answer.read::<u8, u8>(), Err(Error::Internal(_))), "{body}");
        }
        let nothing = QueryAnswer::of("{}".to_owned()).read::<u8, u8>().unwrap();
        assert_eq!(nothing, (Vec::new(), None));
    }
}
