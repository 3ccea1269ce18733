//! Signatures of requests: AWS Signature Version 4, in headers.
//!
//! The SDK's own signer works out the key of the day for every request, signs every header, and costs a quarter of a request for a
//! task. This one keeps the key, and signs what has to be: the host, the body, its type and Amazon's own headers.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::{
    fmt::Write as _,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use aws_lc_rs::{digest, hmac};
use aws_sdk_dynamodb::{
    config::{ConfigBag, Credentials, Region, RuntimeComponents, http::HttpRequest},
    error::BoxError,
};
use aws_smithy_runtime_api::client::{
    auth::{AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign},
    identity::{Identity, SharedIdentityResolver},
    runtime_components::GetIdentityResolver,
};
use secrecy::{ExposeSecret as _, SecretString};
use time::OffsetDateTime;

const SERVICE: &str = "dynamodb";

/// How requests are signed, in the place of what the SDK has under the same name.
#[derive(Debug, Default)]
pub(super) struct Signature {
    /// The last one that was worked out.
    key: Mutex<Option<DayKey>>,
}

/// What requests of one day are signed with.
#[derive(Debug, Clone)]
struct DayKey {
    scope: String,
    access_key_id: String,
    key: hmac::Key,
}

impl AuthScheme for Signature {
    fn scheme_id(&self) -> AuthSchemeId {
        aws_runtime::auth::sigv4::SCHEME_ID
    }

    fn identity_resolver(&self, resolvers: &dyn GetIdentityResolver) -> Option<SharedIdentityResolver> {
        resolvers.identity_resolver(self.scheme_id())
    }

    fn signer(&self) -> &dyn Sign {
        self
    }
}

impl Sign for Signature {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        _: AuthSchemeEndpointConfig<'_>,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        let credentials = identity.data::<Credentials>().ok_or("the identity is none that signs")?;
        let region = config.load::<Region>().ok_or("AWS_REGION must be set")?;
        let now = components.time_source().unwrap_or_default().now();
        self.sign(request, credentials, region.as_ref(), now)
    }
}

impl Signature {
    fn sign(
        &self,
        request: &mut HttpRequest,
        credentials: &Credentials,
        region: &str,
        now: SystemTime,
    ) -> Result<(), BoxError> {
        let now = OffsetDateTime::from(now);
        let date = format!("{:04}{:02}{:02}", now.year(), u8::from(now.month()), now.day());
        let time = format!("{date}T{:02}{:02}{:02}Z", now.hour(), now.minute(), now.second());
        let (host, path) = host_and_path(request.uri()).ok_or("the address is none that can be signed")?;
        let (host, path) = (host.to_owned(), path.to_owned());
        let headers = request.headers_mut();
        headers.try_insert("host", host)?;
        headers.try_insert("x-amz-date", time.clone())?;
        if let Some(token) = credentials.session_token() {
            headers.try_insert("x-amz-security-token", token.to_owned())?;
        }
        let (names, canonical) = canonical(request, &path)?;
        let DayKey { scope, key, .. } = self.key(credentials, &date, region);
        let hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}");
        let signature = hex(hmac::sign(&key, text.as_bytes()).as_ref());
        let access_key_id = credentials.access_key_id();
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={access_key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
        );
        request.headers_mut().try_insert("authorization", authorization)?;
        Ok(())
    }

    /// The key of the day, and what it is for. An access key has one secret for as long as it lives.
    fn key(&self, credentials: &Credentials, date: &str, region: &str) -> DayKey {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = [date, region, SERVICE, "aws4_request"];
        let scope = parts.join("/");
        let access_key_id = credentials.access_key_id();
        if let Some(key) = kept.as_ref().filter(|key| key.access_key_id == access_key_id && key.scope == scope) {
            return key.clone();
        }
        let secret = SecretString::from(format!("AWS4{}", credentials.secret_access_key()));
        let first = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        let key = parts
            .into_iter()
            .fold(first, |key, part| hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref()));
        let new = DayKey { scope, access_key_id: access_key_id.to_owned(), key };
        *kept = Some(new.clone());
        new
    }
}

/// The names of the headers that are signed, and the request as it is hashed: method, path, no query, those headers, and the hash
/// of the body.
fn canonical(request: &HttpRequest, path: &str) -> Result<(String, String), BoxError> {
    let body = request.body().bytes().ok_or("a body that is not at hand cannot be signed")?;
    let is_signed = |name: &str| name == "host" || name == "content-type" || name.starts_with("x-amz-");
    let mut headers: Vec<_> = request.headers().iter().filter(|(name, _)| is_signed(name)).collect();
    headers.sort_unstable();
    let mut names = String::new();
    let mut text = format!("{}\n{path}\n\n", request.method());
    for (name, value) in headers {
        let separator = if names.is_empty() { "" } else { ";" };
        let _ = write!(names, "{separator}{name}");
        let _ = writeln!(text, "{name}:{}", value.trim());
    }
    let _ = write!(text, "\n{names}\n{}", hex(digest::digest(&digest::SHA256, body).as_ref()));
    Ok((names, text))
}

/// The host of an address as the `Host` header has it, without the port that the scheme has anyway, and the path. DynamoDB has no
/// queries.
fn host_and_path(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://").filter(|(_, rest)| !rest.contains('?'))?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    let host = authority.strip_suffix(port).unwrap_or(authority);
    (!host.is_empty()).then_some((host, if path.is_empty() { "/" } else { path }))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 0xf] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_sigv4::{
        http_request::{SignableBody, SignableRequest, SigningSettings, sign},
        sign::v4,
    };
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn request(address: &str, body: &str) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").unwrap();
        request.set_uri(address).unwrap();
        request.headers_mut().insert("content-type", "application/x-amz-json-1.0");
        request.headers_mut().insert("content-length", body.len().to_string());
        request.headers_mut().insert("x-amz-target", "DynamoDB_20120810.GetItem");
        request.headers_mut().insert("x-amzn-trace-id", "Root=1-67000000-0123456789abcdef01234567");
        request
    }

    fn credentials(token: Option<&str>) -> Credentials {
        Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            token.map(str::to_owned),
            None,
            "test",
        )
    }

    /// What Amazon's own library signs the same request with.
    fn expected(request: &HttpRequest, credentials: Credentials, region: &str, now: SystemTime) -> String {
        let identity = credentials.into();
        let mut settings = SigningSettings::default();
        let excluded = settings.excluded_headers.get_or_insert_default();
        excluded.extend(["content-length".into(), "x-amzn-trace-id".into()]);
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(SERVICE)
            .time(now)
            .settings(settings)
            .build()
            .unwrap();
        let headers = request.headers().iter();
        let body = SignableBody::Bytes(request.body().bytes().unwrap());
        let signable = SignableRequest::new(request.method(), request.uri(), headers, body).unwrap();
        let (instructions, _) = sign(signable, &parameters.into()).unwrap().into_parts();
        let (headers, _) = instructions.into_parts();
        headers.iter().find(|header| header.name() == "authorization").unwrap().value().to_owned()
    }

    #[test]
    fn signatures_are_those_of_amazons_own_library() {
        let signature = Signature::default();
        let days = [0, 1, 86_399, 86_400, 86_401, 1_767_225_600, 1_800_000_000, 4_102_444_800];
        for address in [
            "https://dynamodb.eu-central-1.amazonaws.com/",
            "https://dynamodb.cn-north-1.amazonaws.com.cn/",
            "https://dynamodb.eu-central-1.amazonaws.com:443/",
            "http://127.0.0.1:8000/",
            "http://localhost/",
        ] {
            for (day, region) in days.into_iter().flat_map(|day| [(day, "eu-central-1"), (day, "eu-central-11")]) {
                for token in [None, Some("a/session+token==")] {
                    for body in ["", r#"{"TableName": "Tasks"}"#] {
                        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(day);
                        let mut request = request(address, body);
                        let expected = expected(&request, credentials(token), region, now);
                        signature.sign(&mut request, &credentials(token), region, now).unwrap();
                        assert_eq!(request.headers().get("authorization").unwrap(), expected, "{address} {now:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn another_access_key_is_another_key() {
        let signature = Signature::default();
        let now = SystemTime::UNIX_EPOCH;
        for name in ["AKIDONE", "AKIDTWO", "AKIDONE"] {
            let credentials = Credentials::new(name, format!("secret of {name}"), None, None, "test");
            let mut request = request("http://localhost/", "{}");
            let expected = expected(&request, credentials.clone(), "eu-central-1", now);
            signature.sign(&mut request, &credentials, "eu-central-1", now).unwrap();
            assert_eq!(request.headers().get("authorization").unwrap(), expected);
        }
    }

    #[test]
    fn what_it_cannot_sign_is_an_error() {
        let sign = |mut request| {
            Signature::default().sign(&mut request, &credentials(None), "eu-central-1", SystemTime::UNIX_EPOCH)
        };
        assert!(sign(request("http://localhost/?a=b", "{}")).is_err());
        assert!(sign(request("/", "{}")).is_err());
    }
}
