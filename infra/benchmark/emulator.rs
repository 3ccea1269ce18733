//! The same start as AWS's own Runtime Interface Emulator sees it, which aws-sam-cli ships.
//!
//! What it reports as "Init Duration" is its own preparation, because it starts a function only when an event is there: so what
//! counts is how long its first event takes, of which the start of the process is a part.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::{
    Result,
    http::{Connection, Message},
    measure::Subject,
    statistics::{Summary, milliseconds},
    store::Store,
};

/// One function of each kind: one that hashes, one that reads an account, one that reads, one that writes a task.
const KINDS: [&str; 4] = ["auth-login", "auth-me", "tasks-get", "tasks-create"];

/// Milliseconds for the first event of a function.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FirstEvent {
    pub(crate) name: String,
    pub(crate) took: Summary,
}

/// Sends each of those programs, and of those they are held against, a first event that needs no data.
pub(crate) fn measure(emulator: &Path, subjects: &[Subject], store: &Store, starts: usize) -> Result<Vec<FirstEvent>> {
    let all: Vec<_> = subjects
        .iter()
        .filter(|subject| {
            KINDS.contains(&subject.name.as_str()) || !subject.name.contains('-') || subject.name.starts_with("naive")
        })
        .collect();
    let mut took: Vec<Vec<f64>> = vec![Vec::new(); all.len()];
    for _ in 0..starts {
        for (subject, took) in all.iter().zip(&mut took) {
            took.push(milliseconds(first_event(emulator, subject, store)?));
        }
    }
    let summaries = all.iter().zip(took);
    Ok(summaries.map(|(subject, took)| FirstEvent { name: subject.name.clone(), took: Summary::of(took) }).collect())
}

/// An emulator, which takes its function with it.
struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn first_event(emulator: &Path, subject: &Subject, store: &Store) -> Result<Duration> {
    // Free now, and a moment later too: ports are not given out again at once.
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let child = Command::new(emulator)
        .args(["--runtime-interface-emulator-address", &address.to_string()])
        .arg(&subject.program)
        .env_clear()
        .envs(subject.with_store(store))
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", subject.memory_mb.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{} cannot be started: {error}", emulator.display()))?;
    let _emulator = Emulator(child);
    let mut connection = connect(address)?;
    let request = Message {
        start: "POST /2015-03-31/functions/function/invocations HTTP/1.1".to_owned(),
        headers: vec![("host".to_owned(), address.to_string())],
        body: without_credential(&subject.event)?,
    };
    let begun = Instant::now();
    connection.exchange(&request)?;
    Ok(begun.elapsed())
}

fn connect(address: SocketAddr) -> io::Result<Connection> {
    let patience = Instant::now() + Duration::from_secs(5);
    loop {
        match Connection::open(address) {
            Err(_) if Instant::now() < patience => thread::sleep(Duration::from_millis(5)),
            connected => return connected,
        }
    }
}

/// An event that is answered before any data is asked for.
fn without_credential(event: &str) -> Result<Vec<u8>> {
    let mut event: serde_json::Value = serde_json::from_str(event)?;
    if let Some(event) = event.as_object_mut() {
        event.remove("cookies");
        event.remove("body");
        if let Some(headers) = event.get_mut("headers").and_then(serde_json::Value::as_object_mut) {
            headers.remove("authorization");
        }
    }
    Ok(serde_json::to_vec(&event)?)
}
