//! What was asked and what was answered, and whether that could have come one after the other.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
    time::Duration,
};

use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

use crate::api::{Answer, Api, Ask, Outcome};

/// How long an order is looked for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The operations on one thing, from the beginning of each to its answer.
pub struct History<S: SequentialSpec> {
    beginning: S,
    events: Mutex<Vec<Event<S::Op, S::Ret>>>,
}

#[derive(Debug)]
enum Event<Op, Ret> {
    Asked(usize, Op),
    Answered(usize, Ret),
    /// It was not carried out, which is as if it had not been asked for.
    NotDone(usize),
}

impl<S> History<S>
where
    S: SequentialSpec + Clone + Debug + Send + Sync + 'static,
    S::Op: Clone + Debug + Send + Sync,
    S::Ret: Clone + Debug + Send + Sync,
{
    pub fn new(beginning: S) -> Arc<Self> {
        Arc::new(Self { beginning, events: Mutex::default() })
    }

    /// Asks for an operation, and reads its answer.
    pub async fn ask(&self, api: &Api, ask: &Ask, operation: S::Op, read: impl Fn(Answer) -> S::Ret) -> Option<S::Ret> {
        let number = {
            let mut events = self.events.lock().unwrap();
            let number = events.len();
            events.push(Event::Asked(number, operation));
            number
        };
        let (event, answer) = match api.send(ask).await {
            Outcome::Answered(answer) => {
                let answer = read(answer);
                (Event::Answered(number, answer.clone()), Some(answer))
            }
            Outcome::NotDone => (Event::NotDone(number), None),
            Outcome::Unknown => return None,
        };
        self.events.lock().unwrap().push(event);
        answer
    }

    /// Judges, and says how many operations there were.
    pub async fn judge(self: Arc<Self>) -> usize {
        let count = self.events.lock().unwrap().iter().filter(|event| matches!(event, Event::Asked(..))).count();
        let history = Arc::clone(&self);
        let judged = tokio::task::spawn_blocking(move || history.is_linearizable());
        let is_linearizable = tokio::time::timeout(PATIENCE, judged).await;
        assert!(
            matches!(is_linearizable, Ok(Ok(true))),
            "no order of these comes to these answers: {:?}, {:#?}",
            self.beginning,
            self.events
        );
        count
    }

    /// Each operation counts as one of a client of its own: what is asked after something was answered comes after it all the
    /// same.
    fn is_linearizable(&self) -> bool {
        let events = self.events.lock().unwrap();
        let is_not_done =
            |asked: usize| events.iter().any(|event| matches!(event, Event::NotDone(number) if *number == asked));
        let mut tester = LinearizabilityTester::new(self.beginning.clone());
        for event in events.iter() {
            match event {
                Event::Asked(number, operation) if !is_not_done(*number) => {
                    tester.on_invoke(*number, operation.clone()).unwrap();
                }
                Event::Answered(number, answer) => {
                    tester.on_return(*number, answer.clone()).unwrap();
                }
                Event::Asked(..) | Event::NotDone(_) => {}
            }
        }
        tester.is_consistent()
    }
}
