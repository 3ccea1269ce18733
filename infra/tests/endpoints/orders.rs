//! Two operations at the same time, in every order in which their calls to the store can come.
//!
//! Every call waits until it is let through, one at a time and only when both operations have come to a call or to their end. So
//! what is tried depends on no clock and on no luck, and an order that has failed fails again.

use std::{
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

use crate::recorder::shown;

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
    side: Side,
    call: String,
    go: oneshot::Sender<()>,
}

impl Turns {
    /// The HTTP client of one of the operations, whose calls wait for their turn and then go through `client`.
    pub fn client(&self, side: Side, client: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(InTurn { side, client, state: Arc::clone(&self.state) })
    }

    /// Carries out two operations in the order that is next, and gives what came of both.
    pub async fn carry_out<T>(&self, orders: &mut Orders, operations: [impl Future<Output = T>; 2]) -> [T; 2] {
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
                    return Poll::Ready([of_first.take().unwrap(), of_second.take().unwrap()]);
                }
                if !self.state.lock().unwrap().let_one_through(orders, is_over) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

impl State {
    /// Lets one of the calls through that wait, if it is time to choose one.
    fn let_one_through(&mut self, orders: &mut Orders, is_over: [bool; 2]) -> bool {
        let has_come = |side: Side| is_over[side] || self.waiting.iter().any(|waiting| waiting.side == side);
        if self.is_busy || !has_come(0) || !has_come(1) {
            return false;
        }
        self.waiting.sort_by_key(|waiting| waiting.side);
        let next = self.waiting.remove(orders.choose(self.waiting.len()));
        orders.calls.push((next.side, next.call));
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
    calls: Vec<(Side, String)>,
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

    /// The calls that were made, and by which operation.
    pub fn calls(&self) -> &[(Side, String)] {
        &self.calls
    }

    fn choose(&mut self, of: usize) -> usize {
        if of == 1 {
            return 0;
        }
        if self.made == self.choices.len() {
            self.choices.push((0, of));
        }
        let (chosen, was_of) = self.choices[self.made];
        assert_eq!(of, was_of, "the same calls in the same order led to others: {:?}", self.calls);
        self.made += 1;
        chosen
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
        let waiting = Waiting { side: self.side, call: shown(&request), go };
        self.state.lock().unwrap().waiting.push(waiting);
        let (connector, state) = (self.connector.clone(), Arc::clone(&self.state));
        HttpConnectorFuture::new(async move {
            turn.await.unwrap();
            let answer = connector.call(request).await;
            state.lock().unwrap().is_busy = false;
            answer
        })
    }
}

#[test]
fn two_operations_of_two_calls_each_have_six_orders() {
    let mut orders = Orders::default();
    let mut seen = Vec::new();
    while orders.advance() {
        let mut left = [2, 2];
        let mut order = String::new();
        while left != [0, 0] {
            let sides: Vec<Side> = [0, 1].into_iter().filter(|side| left[*side] > 0).collect();
            let side = sides[orders.choose(sides.len())];
            left[side] -= 1;
            order.push(['a', 'b'][side]);
        }
        seen.push(order);
    }
    assert_eq!(seen, ["aabb", "abab", "abba", "baab", "baba", "bbaa"]);
}
