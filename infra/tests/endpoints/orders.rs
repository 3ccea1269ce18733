//! Two operations at the same time, in every order in which their calls to the store can come.
//!
//! Of two orders that differ only in calls that have nothing to do with each other, one is tried. Every call waits until it is let through, one at a time and only when both operations have come to a call or to their end. So
//! what is tried depends on no clock and on no luck, and an order that has failed fails again.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use tokio::sync::oneshot;

use crate::recorder::{is_read, operation_and_tables};

/// Which of the two operations.
pub type Side = usize;

/// Decides whose turn it is.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// In the order in which they came.
    waiting: Vec<Waiting>,
    /// Whether the call that was let through is still under way.
    is_busy: bool,
}

#[derive(Debug)]
struct Waiting {
    call: Call,
    go: oneshot::Sender<()>,
}

/// A call of one of the operations.
#[derive(Debug)]
pub struct Call {
    side: Side,
    operation: String,
    tables: Vec<String>,
}

impl Call {
    /// Whether it makes no difference which of the two comes first.
    fn commutes_with(&self, other: &Self) -> bool {
        let both_read = is_read(&self.operation) && is_read(&other.operation);
        both_read || !self.tables.iter().any(|table| other.tables.contains(table))
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.side, self.operation, self.tables.join("+"))
    }
}

impl Turns {
    /// The HTTP client of one of the operations, whose calls wait for their turn and then go through `client`.
    pub fn client(&self, side: Side, client: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(InTurn { side, client, state: Arc::clone(&self.state) })
    }

    /// Carries out two operations in the order that is next, and gives what came of both; nothing, if what is left of them can
    /// only come to the same as an order before.
    pub async fn carry_out<T>(&self, orders: &mut Orders, operations: [impl Future<Output = T>; 2]) -> Option<[T; 2]> {
        let [first, second] = operations;
        let (mut first, mut second) = (pin!(first), pin!(second));
        let (mut of_first, mut of_second) = (None, None);
        poll_fn(|context| {
            loop {
                if of_first.is_none()
                    && let Poll::Ready(result) = first.as_mut().poll(context)
                {
                    of_first = Some(result);
                }
                if of_second.is_none()
                    && let Poll::Ready(result) = second.as_mut().poll(context)
                {
                    of_second = Some(result);
                }
                let is_over = [of_first.is_some(), of_second.is_some()];
                if is_over == [true, true] {
                    return Poll::Ready(of_first.take().zip(of_second.take()).map(Into::into));
                }
                let mut state = self.state.lock().unwrap();
                if !state.is_time_to_choose(is_over) {
                    return Poll::Pending;
                }
                if !state.let_one_through(orders) {
                    state.waiting.clear();
                    return Poll::Ready(None);
                }
            }
        })
        .await
    }
}

impl State {
    /// Whether both operations have come to a call or to their end, and no call is under way.
    fn is_time_to_choose(&self, is_over: [bool; 2]) -> bool {
        let has_come = |side: Side| is_over[side] || self.waiting.iter().any(|waiting| waiting.call.side == side);
        !self.is_busy && has_come(0) && has_come(1)
    }

    /// Lets one of the calls through that wait; `false` if none of them leads to an order that has not been tried.
    fn let_one_through(&mut self, orders: &mut Orders) -> bool {
        self.waiting.sort_by_key(|waiting| waiting.call.side);
        let calls: Vec<_> = self.waiting.iter().map(|waiting| &waiting.call).collect();
        let Some(next) = orders.choose(&calls) else { return false };
        let next = self.waiting.remove(next);
        orders.calls.push(next.call);
        self.is_busy = true;
        next.go.send(()).unwrap();
        true
    }
}

/// The orders, one after the other: those that begin like the last one first.
#[derive(Debug, Default)]
pub struct Orders {
    /// What was chosen, and of how many, where there was a choice.
    choices: Vec<(usize, usize)>,
    made: usize,
    has_begun: bool,
    calls: Vec<Call>,
}

impl Orders {
    /// Goes on to the next order; `false` when there is none.
    pub fn advance(&mut self) -> bool {
        self.made = 0;
        self.calls.clear();
        if !self.has_begun {
            self.has_begun = true;
            return true;
        }
        while let Some((chosen, of)) = self.choices.pop() {
            if chosen + 1 < of {
                self.choices.push((chosen + 1, of));
                return true;
            }
        }
        false
    }

    /// The calls that were made.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Chooses one of the calls that wait, those of the first operation before those of the second.
    ///
    /// A call of the first operation that comes right after one of the second, and commutes with it, has come before it in an order
    /// that was tried earlier.
    fn choose(&mut self, waiting: &[&Call]) -> Option<usize> {
        let last = self.calls.last().filter(|last| last.side == 1);
        let is_new = |call: &Call| !last.is_some_and(|last| call.side == 0 && call.commutes_with(last));
        let new: Vec<_> = (0..waiting.len()).filter(|index| is_new(waiting[*index])).collect();
        let of = new.len();
        if of < 2 {
            return new.first().copied();
        }
        if self.made == self.choices.len() {
            self.choices.push((0, of));
        }
        let (chosen, was_of) = self.choices[self.made];
        assert_eq!(of, was_of, "the same calls in the same order led to others: {:?}", self.calls);
        self.made += 1;
        Some(new[chosen])
    }
}

#[derive(Debug)]
struct InTurn {
    side: Side,
    client: SharedHttpClient,
    state: Arc<Mutex<State>>,
}

impl HttpClient for InTurn {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(Connector { side: self.side, connector, state: Arc::clone(&self.state) })
    }
}

#[derive(Debug)]
struct Connector {
    side: Side,
    connector: SharedHttpConnector,
    state: Arc<Mutex<State>>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (go, turn) = oneshot::channel();
        let (operation, tables) = operation_and_tables(&request);
        let call = Call { side: self.side, operation, tables };
        self.state.lock().unwrap().waiting.push(Waiting { call, go });
        let (connector, state) = (self.connector.clone(), Arc::clone(&self.state));
        HttpConnectorFuture::new(async move {
            turn.await.unwrap();
            let answer = connector.call(request).await;
            state.lock().unwrap().is_busy = false;
            answer
        })
    }
}

/// The orders of two operations that are tried, of which each makes these calls.
fn tried(calls: [&[(&str, &str)]; 2]) -> Vec<String> {
    let call = |side: Side, (operation, table): (&str, &str)| Call {
        side,
        operation: operation.to_owned(),
        tables: vec![table.to_owned()],
    };
    let mut orders = Orders::default();
    let mut tried = Vec::new();
    'orders: while orders.advance() {
        let mut made = [0, 0];
        while made != [calls[0].len(), calls[1].len()] {
            let left = [0, 1].into_iter().filter(|side| made[*side] < calls[*side].len());
            let mut waiting: Vec<_> = left.map(|side| call(side, calls[side][made[side]])).collect();
            let Some(next) = orders.choose(&waiting.iter().collect::<Vec<_>>()) else { continue 'orders };
            let next = waiting.remove(next);
            made[next.side] += 1;
            orders.calls.push(next);
        }
        tried.push(orders.calls().iter().map(|call| ['a', 'b'][call.side]).collect());
    }
    tried
}

#[test]
fn every_order_is_tried_of_calls_that_write_the_same() {
    let twice = [("PutItem", "Sessions"), ("PutItem", "Sessions")];
    assert_eq!(tried([&twice, &twice]), ["aabb", "abab", "abba", "baab", "baba", "bbaa"]);
}

#[test]
fn one_order_is_tried_of_those_that_differ_in_calls_that_commute() {
    let [read, write, other] = [("GetItem", "Users"), ("UpdateItem", "Users"), ("UpdateItem", "Tasks")];
    assert_eq!(tried([&[read], &[read]]), ["ab"]);
    assert_eq!(tried([&[write], &[other]]), ["ab"]);
    // Both read before either writes, one after the other, or one writes before the other reads.
    assert_eq!(tried([&[read, write], &[read, write]]), ["aabb", "abab", "abba", "bbaa"]);
}
