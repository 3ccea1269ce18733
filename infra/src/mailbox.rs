//! Where mails arrive on a developer's machine: a directory, a page at `/_local/mail` and JSON at `/_local/mail.json`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderName, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use shared::{
    clock::Clock,
    http::Query,
    mail::{Mailer, Message, SendError},
};

/// A mailbox for everybody.
#[derive(Debug, Clone)]
pub struct Mailbox {
    place: Place,
    clock: Clock,
    count: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
enum Place {
    /// It ends with the process.
    Memory(Arc<Mutex<Vec<Mail>>>),
    /// One file for each mail, with names that sort by time.
    Directory(PathBuf),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Mail {
    sent_at: String,
    to: String,
    subject: String,
    text: String,
    html: String,
    url: String,
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct Page {
    mails: Vec<Mail>,
}

impl Mailbox {
    /// A mailbox whose mails survive in a directory, or, without one, do not.
    ///
    /// # Errors
    /// Why the directory cannot be made.
    pub fn open(directory: Option<&Path>, clock: Clock) -> io::Result<Self> {
        let place = match directory {
            None => Place::Memory(Arc::default()),
            Some(directory) => {
                fs::create_dir_all(directory)?;
                Place::Directory(directory.to_owned())
            }
        };
        Ok(Self { place, clock, count: Arc::default() })
    }

    /// What shows the mails over HTTP.
    pub fn routes(self) -> Router {
        Router::new().route("/_local/mail", get(page)).route("/_local/mail.json", get(json)).with_state(self)
    }

    fn put(&self, message: &Message) -> io::Result<String> {
        let now = self.clock.now();
        let mail = Mail {
            sent_at: now.to_rfc3339(),
            to: message.to.clone(),
            subject: message.subject.clone(),
            text: message.text.clone(),
            html: message.html.clone(),
            url: message.url.clone(),
        };
        // Names sort by time; in one millisecond, by count.
        let id = format!("{:015}-{:06}", now.millis(), self.count.fetch_add(1, Ordering::Relaxed));
        match &self.place {
            Place::Memory(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail),
            Place::Directory(directory) => {
                // Under its name it is whole, or not there.
                let unfinished = directory.join(format!("{id}.unfinished"));
                fs::write(&unfinished, serde_json::to_vec_pretty(&mail)?)?;
                fs::rename(unfinished, directory.join(format!("{id}.json")))?;
            }
        }
        Ok(id)
    }

    /// The mails, the oldest first. Files that are none of ours are passed over.
    fn mails(&self) -> io::Result<Vec<Mail>> {
        match &self.place {
            Place::Memory(mails) => Ok(mails.lock().unwrap_or_else(PoisonError::into_inner).clone()),
            Place::Directory(directory) => {
                let mut files: Vec<_> = fs::read_dir(directory)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
                files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
                files.sort();
                let read = |file: PathBuf| serde_json::from_slice(&fs::read(file).ok()?).ok();
                Ok(files.into_iter().filter_map(read).collect())
            }
        }
    }
}

impl Mailer for Mailbox {
    async fn send(&self, message: &Message) -> Result<String, SendError> {
        self.put(message).map_err(SendError::failed)
    }
}

async fn page(State(mailbox): State<Mailbox>) -> Response {
    let Ok(mut mails) = mailbox.mails() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    mails.reverse();
    match (Page { mails }).render() {
        Ok(page) => answer("text/html; charset=utf-8", page),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The mails as an array; with `to`, those to that address.
async fn json(State(mailbox): State<Mailbox>, uri: Uri) -> Response {
    let Ok(mut mails) = mailbox.mails() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    // No address has a blank, but people forget to encode the plus sign that stands for one.
    let to = Query::parse(uri.query().unwrap_or_default()).get("to").map(|to| to.replace(' ', "+"));
    mails.retain(|mail| to.as_ref().is_none_or(|to| mail.to.eq_ignore_ascii_case(to)));
    match serde_json::to_string(&mails) {
        Ok(mails) => answer("application/json", mails),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// An answer that nothing keeps, and whose links tell nobody where they were found: they hold tokens.
fn answer(media_type: &'static str, body: String) -> Response {
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use shared::domain::Timestamp;
    use tempfile::TempDir;

    use super::*;

    fn message(to: &str, subject: &str) -> Message {
        Message {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "<script>alert(1)</script>".to_owned(),
            html: String::new(),
            url: "http://127.0.0.1/?a=\"b\"&c".to_owned(),
        }
    }

    fn open(directory: Option<&Path>) -> Mailbox {
        Mailbox::open(directory, Clock::from_fn(|| Timestamp::from_seconds(1_800_000_000))).unwrap()
    }

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    async fn array(mailbox: &Mailbox, uri: &'static str) -> Vec<Mail> {
        serde_json::from_str(&body(json(State(mailbox.clone()), Uri::from_static(uri)).await).await).unwrap()
    }

    #[tokio::test]
    async fn mails_are_there_the_oldest_first_and_narrowed_to_an_address() {
        let directory = TempDir::new().unwrap();
        for mailbox in [open(None), open(Some(&directory.path().join("mail")))] {
            for (to, subject) in [("a+x@example.com", "1"), ("b@example.com", "2"), ("a+x@example.com", "3")] {
                mailbox.send(&message(to, subject)).await.unwrap();
            }
            let subjects = async |uri| {
                array(&mailbox, uri).await.into_iter().map(|mail| mail.subject).collect::<Vec<_>>().concat()
            };
            assert_eq!(subjects("/_local/mail.json").await, "123");
            assert_eq!(subjects("/_local/mail.json?to=a%2Bx@example.com").await, "13");
            assert_eq!(subjects("/_local/mail.json?to=A+x%40example.com").await, "13");
            assert_eq!(subjects("/_local/mail.json?to=c@example.com").await, "");
        }
        // What another process finds, beside files of other people.
        fs::write(directory.path().join("mail/notes.json"), "none of ours").unwrap();
        assert_eq!(array(&open(Some(&directory.path().join("mail"))), "/").await.len(), 3);
    }

    #[tokio::test]
    async fn the_page_shows_the_newest_first_and_runs_nothing() {
        let mailbox = open(None);
        mailbox.send(&message("a@example.com", "older")).await.unwrap();
        mailbox.send(&message("\"><img src=x>@example.com", "newer")).await.unwrap();
        let response = page(State(mailbox)).await;
        assert!(response.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        let page = body(response).await;
        assert!(page.find("newer").unwrap() < page.find("older").unwrap(), "{page}");
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("?a=\"b"), "{page}");
    }
}
