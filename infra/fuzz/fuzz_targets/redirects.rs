//! Whatever is taken for a place to go next, a browser finds at a trusted origin; and an origin is what a browser calls it.
//!
//! How a browser reads URLs, the crate `url` says, which follows the WHATWG.
#![no_main]

use fuzz::{CONFIG, is_of_trusted, leads_to_trusted, request};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use libfuzzer_sys::fuzz_target;
use shared::{
    domain::Origin,
    http::{
        Request, Response,
        better_auth::{Callback, is_trusted_redirect, redirect_to_absolute_callback, redirect_to_callback},
        origin,
    },
};
use url::{Url, form_urlencoded};

fuzz_target!(|input: &str| {
    let request = request("POST", &[], &[]).unwrap();
    if is_trusted_redirect(input, &request, &CONFIG) {
        assert!(leads_to_trusted(input), "{input:?} leads elsewhere");
    }
    // Whether a name in another script is one takes tables to tell.
    let is_ascii_name = !input.to_ascii_lowercase().contains("xn--");
    if let Some(origin) = Origin::parse(input).filter(|origin| origin.is_web() && is_ascii_name) {
        let url = Url::parse(input).unwrap_or_else(|error| panic!("{input:?} is no URL: {error}"));
        assert_eq!(url.origin().ascii_serialization(), origin.as_str());
    }
    callback(input);
    page(input);
});

/// Where a link in a mail leads on to.
fn callback(target: &str) {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("callbackURL", target).finish();
    let event = fuzz::event("GET", "/", &query, &[], &[], b"").unwrap();
    let request = Request::from_event(event, &CONFIG);
    let Ok(callback) = Callback::required(&request, &CONFIG) else { return };
    if callback.is_empty() {
        return;
    }
    let parameters = [("token", "a-token_of=ours&")];
    for response in
        [redirect_to_callback(&callback, &parameters), redirect_to_absolute_callback(&request, &callback, &parameters)]
    {
        // One that is no header value is left out: then the browser stays where it is.
        let Some(location) = location(response) else { continue };
        assert!(leads_to_trusted(&location), "{target:?} becomes {location:?}");
        let base = Url::parse(request.own_origin.as_str()).unwrap();
        let url = base.join(&location).unwrap();
        let token = url.query_pairs().filter(|(name, _)| name == "token").last();
        assert_eq!(token.map(|(_, value)| value.into_owned()).as_deref(), Some(parameters[0].1), "{location:?}");
    }
}

fn location(response: Response) -> Option<String> {
    let response = ApiGatewayV2httpResponse::from(response);
    response.headers.get("location").map(|value| value.to_str().unwrap().to_owned())
}

/// Which pages a request may come from.
fn page(text: &str) {
    if let Some(request) = request("POST", &[("referer", text)], &["a=b"])
        && origin::check(&request, &CONFIG.trusted_origins).is_ok()
    {
        let url = Url::parse(text).unwrap_or_else(|error| panic!("the page {text:?} is no URL: {error}"));
        assert!(is_of_trusted(&url), "{text:?} is of another origin");
    }
    if let Some(request) = request("POST", &[("origin", text)], &["a=b"])
        && origin::check(&request, &CONFIG.trusted_origins).is_ok()
    {
        let url = Url::parse(text).unwrap_or_else(|error| panic!("the origin {text:?} is no URL: {error}"));
        assert!(is_of_trusted(&url), "{text:?} is another origin");
    }
}
