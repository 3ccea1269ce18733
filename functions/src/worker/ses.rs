//! Mails through SES (version 2 of its API). Only the mail worker links this.

use std::time::Duration;

use aws_sdk_sesv2::{
    Client,
    config::{
        self, BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig,
        endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
        retry::RetryConfig,
        timeout::TimeoutConfig,
    },
    error::{BuildError, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message as Simple},
};
use lambda_http::http::Uri;
use shared::{
    mail::{Mailer, Message, SendError},
    transport::{Roots, http_client},
};

/// How long SES may take with one mail. The worker counts on it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A sender with an address that SES lets us send from.
#[derive(Debug)]
pub(super) struct Ses {
    client: Client,
    from: String,
    configuration_set: Option<String>,
}

impl Ses {
    /// A sender configured from the environment: `MAIL_FROM`, `MAIL_CONFIGURATION_SET`, which may be missing,
    /// `AWS_ENDPOINT_URL_SESV2`, which the template sets to the address of SES in its Region, and what Lambda sets.
    ///
    /// # Errors
    /// What is missing or wrong in the environment.
    pub(super) fn connect(variable: impl Fn(&str) -> Option<String>) -> Result<Self, lambda_http::Error> {
        let get = |name: &str| variable(name).filter(|value| !value.is_empty());
        let need = |name: &str| get(name).ok_or_else(|| format!("{name} must be set"));
        let url = need("AWS_ENDPOINT_URL_SESV2")?;
        let address: Uri = url.parse().map_err(|_| {
            format!("AWS_ENDPOINT_URL_SESV2 must be an address such as https://email.eu-central-1.amazonaws.com, not {url:?}")
        })?;
        let roots = if address.scheme_str() == Some("http") { Roots::None } else { Roots::Amazon };
        let credentials = Credentials::new(
            need("AWS_ACCESS_KEY_ID")?,
            need("AWS_SECRET_ACCESS_KEY")?,
            get("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let config = config::Builder::new()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(need("AWS_REGION")?))
            .credentials_provider(credentials)
            .endpoint_resolver(Fixed(Endpoint::builder().url(url).build()))
            .http_client(http_client(roots, Some(address))?)
            // The worker tries again itself, whatever the service.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(TIMEOUT).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Ok(Self {
            client: Client::from_conf(config),
            from: need("MAIL_FROM")?,
            configuration_set: get("MAIL_CONFIGURATION_SET"),
        })
    }
}

impl Mailer for Ses {
    async fn send(&self, message: &Message) -> Result<String, SendError> {
        let answer = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(&message.to).build())
            .content(content(message).map_err(SendError::failed)?)
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await
            .map_err(why_not)?;
        Ok(answer.message_id.unwrap_or_default())
    }
}

fn content(message: &Message) -> Result<EmailContent, BuildError> {
    let utf_8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder().text(utf_8(&message.text)?).html(utf_8(&message.html)?).build();
    let simple = Simple::builder().subject(utf_8(&message.subject)?).body(body).build();
    Ok(EmailContent::builder().simple(simple).build())
}

/// Why SES did not take a mail. What it says in words may hold the address, so only its code is kept.
fn why_not(error: SdkError<SendEmailError>) -> SendError {
    let Some(service) = error.as_service_error() else {
        return SendError::failed(error.into_source().unwrap_or_else(Into::into));
    };
    let code = service.code().unwrap_or("an error without a code");
    match service {
        SendEmailError::MessageRejected(_) | SendEmailError::BadRequestException(_) => {
            SendError::Refused(code.to_owned())
        }
        _ => SendError::failed(format!("SES answered {code}")),
    }
}

/// The one address of SES.
#[derive(Debug)]
struct Fixed(Endpoint);

impl ResolveEndpoint for Fixed {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread::{self, JoinHandle},
    };

    use super::*;

    /// Answers one request, and gives back what was asked.
    fn serve_once(status: &'static str, body: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            // The body is JSON and may come in a piece of its own.
            while !request.ends_with(b"}") {
                let read = connection.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            write!(connection, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
            String::from_utf8(request).unwrap()
        });
        (address, server)
    }

    async fn send(address: String) -> Result<String, SendError> {
        let ses = Ses::connect(|name| match name {
            "AWS_ENDPOINT_URL_SESV2" => Some(address.clone()),
            "AWS_REGION" => Some("eu-central-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("none".to_owned()),
            "MAIL_FROM" => Some("no-reply@example.com".to_owned()),
            "MAIL_CONFIGURATION_SET" => Some("mails".to_owned()),
            _ => None,
        })
        .unwrap();
        ses.send(&Message {
            to: "ann@example.com".to_owned(),
            subject: "Grüße".to_owned(),
            text: "text".to_owned(),
            html: "<p>html</p>".to_owned(),
            url: String::new(),
        })
        .await
    }

    #[tokio::test]
    async fn a_mail_goes_out_in_both_forms_and_has_the_id_that_ses_gives() {
        let (address, server) = serve_once("200 OK", r#"{"MessageId": "0102"}"#);
        assert_eq!(send(address).await.unwrap(), "0102");
        let request = server.join().unwrap();
        assert!(request.starts_with("POST /v2/email/outbound-emails HTTP/1.1"), "{request}");
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let text = |pointer| body.pointer(pointer).and_then(serde_json::Value::as_str);
        assert_eq!(text("/FromEmailAddress"), Some("no-reply@example.com"));
        assert_eq!(text("/Destination/ToAddresses/0"), Some("ann@example.com"));
        assert_eq!(text("/ConfigurationSetName"), Some("mails"));
        assert_eq!(text("/Content/Simple/Subject/Data"), Some("Grüße"));
        assert_eq!(text("/Content/Simple/Body/Text/Data"), Some("text"));
        assert_eq!(text("/Content/Simple/Body/Html/Data"), Some("<p>html</p>"));
    }

    #[tokio::test]
    async fn what_ses_refuses_is_refused_and_what_may_pass_is_not_and_neither_names_anybody() {
        for (status, body, is_refused, code) in [
            (
                "400 Bad Request",
                r#"{"__type": "MessageRejected", "message": "ann@example.com is not verified"}"#,
                true,
                "MessageRejected",
            ),
            ("400 Bad Request", r#"{"__type": "BadRequestException"}"#, true, "BadRequestException"),
            ("429 Too Many Requests", r#"{"__type": "TooManyRequestsException"}"#, false, "TooManyRequestsException"),
            ("400 Bad Request", r#"{"__type": "SendingPausedException"}"#, false, "SendingPausedException"),
            ("500 Internal Server Error", "{}", false, "without a code"),
        ] {
            let (address, server) = serve_once(status, body);
            let error = send(address).await.unwrap_err();
            server.join().unwrap();
            assert_eq!(matches!(error, SendError::Refused(_)), is_refused, "{error}");
            assert!(error.to_string().contains(code), "{error}");
            assert!(!error.to_string().contains("ann@"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_service_that_is_not_there_may_come_back() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(matches!(send(format!("http://{free}")).await, Err(SendError::Failed(_))));
    }

    #[tokio::test]
    async fn what_is_missing_in_the_environment_is_said() {
        let error = Ses::connect(|_| None).unwrap_err().to_string();
        assert_eq!(error, "AWS_ENDPOINT_URL_SESV2 must be set");
    }
}
