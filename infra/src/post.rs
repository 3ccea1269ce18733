//! Where the mails of the local stack go: to a mailbox of its own, or to a server.

use std::{io, path::Path};

use shared::{
    App,
    mail::{Mailer, Message, SendError},
};

use crate::{
    mailbox::Mailbox,
    smtp::{Smtp, SmtpServer},
};

/// Where mails go.
#[derive(Debug)]
pub enum Post {
    /// To the mailbox of this machine.
    Mailbox(Mailbox),
    /// To a server.
    Smtp(Box<Smtp>),
}

/// Why there is nowhere for mails to go.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The mailbox cannot be made.
    #[error("the mailbox {path} cannot be made ({source}); choose another directory with --data")]
    Mailbox {
        /// Where it was to be.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// The sender has no address.
    #[error("MAIL_FROM must be an address such as no-reply@example.com: {0}")]
    From(#[from] lettre::address::AddressError),
}

impl Post {
    /// The server, if there is one, else a mailbox, in a directory if there is one.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn open(smtp: Option<&SmtpServer>, from: &str, directory: Option<&Path>, app: &App) -> Result<Self, PostError> {
        if let Some(server) = smtp {
            return Ok(Self::Smtp(Box::new(Smtp::new(server, from)?)));
        }
        let mailbox = Mailbox::open(directory, app.clock.clone());
        mailbox.map(Self::Mailbox).map_err(|source| PostError::Mailbox {
            path: directory.unwrap_or(Path::new("")).display().to_string(),
            source,
        })
    }

    /// What shows the mails over HTTP, where they are here.
    pub fn routes(&self) -> axum::Router {
        match self {
            Self::Mailbox(mailbox) => mailbox.clone().routes(),
            Self::Smtp(_) => axum::Router::new(),
        }
    }
}

impl Mailer for Post {
    async fn send(&self, message: &Message) -> Result<String, SendError> {
        match self {
            Self::Mailbox(mailbox) => mailbox.send(message).await,
            Self::Smtp(smtp) => smtp.send(message).await,
        }
    }
}
