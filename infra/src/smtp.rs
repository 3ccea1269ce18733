//! Mails to a real server, in place of the mailbox.

use std::{str::FromStr, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use shared::mail::{Mailer, Message, SendError};

/// How long the server may take with one mail.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where a server for mails is: `host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl FromStr for SmtpServer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) =
            parts.filter(|(host, _)| !host.is_empty()).ok_or("a host and a port, such as localhost:1025")?;
        Ok(Self { host: host.to_owned(), port })
    }
}

/// A sender through a server that asks for no password and no encryption, as those on developers' machines.
#[derive(Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// A sender of mails that come from `from`.
    ///
    /// # Errors
    /// That `from` is no address.
    pub fn new(server: &SmtpServer, from: &str) -> Result<Self, lettre::address::AddressError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self { transport, from: from.parse()? })
    }
}

impl Mailer for Smtp {
    async fn send(&self, message: &Message) -> Result<String, SendError> {
        let to: Mailbox = message.to.parse().map_err(|_| SendError::Refused("no address".to_owned()))?;
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&message.subject)
            .multipart(MultiPart::alternative_plain_html(message.text.clone(), message.html.clone()))
            .map_err(SendError::failed)?;
        match self.transport.send(mail).await {
            Ok(answer) => Ok(answer.message().next().unwrap_or_default().to_owned()),
            Err(error) if error.is_permanent() => {
                Err(SendError::Refused(error.status().map_or_else(|| "for good".to_owned(), |code| code.to_string())))
            }
            Err(error) => Err(SendError::failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;

    /// A server that takes one mail, or refuses its address with a code, and gives back what it heard.
    async fn serve_once(to_address: &'static str) -> (SmtpServer, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (connection, _) = listener.accept().await.unwrap();
            let mut connection = BufReader::new(connection);
            let (mut heard, mut is_mail) = (String::new(), false);
            connection.write_all(b"220 test\r\n").await.unwrap();
            loop {
                let mut line = String::new();
                if connection.read_line(&mut line).await.unwrap() == 0 {
                    return heard;
                }
                heard.push_str(&line);
                let answer = if is_mail {
                    if line != ".\r\n" {
                        continue;
                    }
                    is_mail = false;
                    "250 taken as 7"
                } else if line.starts_with("RCPT") {
                    to_address
                } else if line.starts_with("DATA") {
                    is_mail = true;
                    "354 go on"
                } else {
                    "250 fine"
                };
                connection.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            }
        });
        (SmtpServer { host: "127.0.0.1".to_owned(), port }, server)
    }

    fn message() -> Message {
        Message {
            to: "ann@example.com".to_owned(),
            subject: "Grüße".to_owned(),
            text: "a text".to_owned(),
            html: "<p>a page</p>".to_owned(),
            url: String::new(),
        }
    }

    #[tokio::test]
    async fn a_mail_arrives_in_both_forms() {
        let (address, server) = serve_once("250 fine").await;
        let smtp = Smtp::new(&address, "no-reply@example.com").unwrap();
        smtp.send(&message()).await.unwrap();
        drop(smtp);
        let heard = server.await.unwrap();
        for part in ["MAIL FROM:<no-reply@example.com>", "RCPT TO:<ann@example.com>", "a text", "<p>a page</p>"] {
            assert!(heard.contains(part), "{heard}");
        }
    }

    #[tokio::test]
    async fn what_the_server_refuses_for_good_is_refused_and_what_may_pass_is_not() {
        for (answer, is_refused) in [("550 nobody of that name", true), ("450 try later", false)] {
            let (address, _server) = serve_once(answer).await;
            let error = Smtp::new(&address, "no-reply@example.com").unwrap().send(&message()).await.unwrap_err();
            assert_eq!(matches!(error, SendError::Refused(_)), is_refused, "{error}");
        }
    }

    #[test]
    fn a_server_has_a_host_and_a_port() {
        let server = SmtpServer { host: "localhost".to_owned(), port: 1025 };
        assert_eq!("localhost:1025".parse(), Ok(server));
        for text in ["localhost", ":1025", "localhost:", "localhost:99999", ""] {
            assert!(text.parse::<SmtpServer>().is_err(), "{text}");
        }
    }
}
