use super::Message;

/// What hands mails to whoever delivers them.
pub trait Mailer {
    /// Hands over a mail: the id that the service knows it by.
    ///
    /// # Errors
    /// Whether sending it again may help.
    fn send(&self, message: &Message) -> impl Future<Output = Result<String, SendError>> + Send;
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// It never will be: the address is none, or the service has it on a list of those it does not send to. The reason names
    /// nobody.
    #[error("the mail is refused: {0}")]
    Refused(String),
    /// The service could not be asked, or asks for patience.
    #[error("the mail could not be sent: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SendError {
    /// That sending it again may help.
    pub fn failed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed(cause.into())
    }
}
