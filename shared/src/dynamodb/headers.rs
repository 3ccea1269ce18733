use aws_runtime::{
    invocation_id::InvocationIdInterceptor, request_info::RequestInfoInterceptor, user_agent::UserAgentInterceptor,
};
use aws_sdk_dynamodb::{
    config::{ConfigBag, Intercept, interceptors::BeforeSerializationInterceptorContextRef},
    error::BoxError,
};
use aws_smithy_runtime_api::client::interceptors::disable_interceptor;

const CAUSE: &str = "nobody reads it";

/// Leaves out what the SDK says of itself in each request: which versions of what are at work, in two headers that are put together
/// anew each time, a number for the call and one for the attempt. DynamoDB answers without, and its own id of a request is what is
/// asked for.
#[derive(Debug)]
pub(super) struct NoneOfTheSdk;

impl Intercept for NoneOfTheSdk {
    fn name(&self) -> &'static str {
        "headers"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let state = config.interceptor_state();
        state.store_put(disable_interceptor::<UserAgentInterceptor>(CAUSE));
        state.store_put(disable_interceptor::<InvocationIdInterceptor>(CAUSE));
        state.store_put(disable_interceptor::<RequestInfoInterceptor>(CAUSE));
        Ok(())
    }
}
