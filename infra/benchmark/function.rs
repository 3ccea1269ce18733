//! A function as Lambda runs it: a process of its own that asks the Runtime API for events.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::{
    Result,
    http::{Connection, Message, listen},
};

/// How long anything may take before it counts as broken.
const PATIENCE: Duration = Duration::from_secs(15);

/// A running function that has asked for its first event.
#[derive(Debug)]
pub(crate) struct Function {
    name: String,
    process: Child,
    polls: Receiver<Instant>,
    events: Sender<String>,
    answers: Receiver<Answer>,
    logged: Arc<AtomicU64>,
    /// From the start of the process to its first question for an event.
    pub(crate) init: Duration,
}

/// What became of an event.
#[derive(Debug)]
pub(crate) struct Answer {
    /// When the event was handed out.
    pub(crate) sent: Instant,
    /// When the answer had arrived.
    pub(crate) arrived: Instant,
    /// The answer: a payload 2.0 response.
    pub(crate) body: serde_json::Value,
}

impl Answer {
    /// The HTTP status; 0 where there is none.
    pub(crate) fn status(&self) -> u64 {
        self.body.get("statusCode").and_then(serde_json::Value::as_u64).unwrap_or_default()
    }

    /// How long it took.
    pub(crate) fn duration(&self) -> Duration {
        self.arrived - self.sent
    }
}

impl Function {
    /// Starts a program with an environment, and nothing else in it, and waits until it asks for an event.
    pub(crate) fn start(program: &Path, environment: &[(String, String)]) -> Result<Self> {
        let (polled, polls) = channel();
        let (events, queue) = channel();
        let (answered, answers) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let sent = Arc::new(Mutex::new(Instant::now()));
        let api = listen(move |connection| serve(connection, &polled, &queue, &answered, &sent))?;

        let name = program.display().to_string();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "benchmark")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .env("AWS_LAMBDA_LOG_LEVEL", "INFO")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "benchmark")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "benchmark")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let begun = Instant::now();
        let mut process =
            command.spawn().map_err(|error| format!("{name} cannot be started ({error}); build it first"))?;
        let logged = Arc::new(AtomicU64::new(0));
        if let Some(output) = process.stdout.take() {
            let logged = Arc::clone(&logged);
            thread::spawn(move || count(output, &logged));
        }
        let polled_at = polls.recv_timeout(PATIENCE);
        let mut function = Self { name, process, polls, events, answers, logged, init: Duration::ZERO };
        function.init = polled_at.map_err(|_| function.broken("does not ask for events"))? - begun;
        Ok(function)
    }

    /// Hands an event to the function, and waits until it has answered and asked for the next one.
    pub(crate) fn invoke(&self, event: &str) -> Result<Answer> {
        self.events.send(event.to_owned())?;
        let answer = self.answers.recv_timeout(PATIENCE).map_err(|_| self.broken("does not answer"))?;
        self.polls.recv_timeout(PATIENCE).map_err(|_| self.broken("does not ask for another event"))?;
        Ok(answer)
    }

    /// Processor time so far. Of threads that have ended the kernel keeps it in hundredths of a second, which counts where there are any.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        let process = format!("/proc/{}", self.process.id());
        let mut nanoseconds = 0;
        for task in fs::read_dir(format!("{process}/task"))? {
            // It may end in between.
            let Ok(schedule) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
            nanoseconds += schedule.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        let stat = fs::read_to_string(format!("{process}/stat"))?;
        // After the name, which is in brackets: the state is the third field, and the times of user and kernel the 14th and 15th.
        let (_, fields) = stat.rsplit_once(") ").ok_or("a process without a name")?;
        let hundredths =
            fields.split(' ').skip(11).take(2).map(str::parse::<u64>).sum::<std::result::Result<u64, _>>()?;
        Ok(Duration::from_nanos(nanoseconds).max(Duration::from_millis(hundredths * 10)))
    }

    /// The most memory that it has had so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    /// Bytes written to the log so far.
    pub(crate) fn logged(&self) -> u64 {
        self.logged.load(Ordering::Relaxed)
    }

    fn broken(&self, what: &str) -> String {
        format!("{} {what}; its messages are above", self.name)
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(
    mut connection: Connection,
    polled: &Sender<Instant>,
    queue: &Mutex<Receiver<String>>,
    answered: &Sender<Answer>,
    sent: &Mutex<Instant>,
) -> io::Result<()> {
    while let Some(request) = connection.read()? {
        let now = Instant::now();
        if request.start.starts_with("GET ") {
            polled.send(now).map_err(io::Error::other)?;
            let event = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(event) = event else { return Ok(()) };
            let message = next_event(event);
            *sent.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            connection.write(&message)?;
        } else {
            if !request.start.contains("/response ") {
                eprintln!("{}", String::from_utf8_lossy(&request.body));
                return Ok(());
            }
            let sent = *sent.lock().unwrap_or_else(PoisonError::into_inner);
            let body = serde_json::from_slice(&request.body)?;
            answered.send(Answer { sent, arrived: now, body }).map_err(io::Error::other)?;
            connection.write(&Message {
                start: "HTTP/1.1 202 Accepted".to_owned(),
                headers: Vec::new(),
                body: Vec::new(),
            })?;
        }
    }
    Ok(())
}

fn next_event(event: String) -> Message {
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + PATIENCE;
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Message {
        start: "HTTP/1.1 200 OK".to_owned(),
        headers: vec![
            header("content-type", "application/json"),
            header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
            header("lambda-runtime-deadline-ms", &deadline.as_millis().to_string()),
            header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:eu-central-1:123456789012:function:benchmark",
            ),
            header("lambda-runtime-trace-id", "Root=1-67000000-0123456789abcdef01234567;Sampled=0"),
        ],
        body: event.into_bytes(),
    }
}

fn count(mut output: impl Read, bytes: &AtomicU64) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = output.read(&mut buffer) {
        bytes.fetch_add(u64::try_from(read).unwrap_or_default(), Ordering::Relaxed);
    }
}
