//! The sessions of one account, begun and ended by all clients of a group.

use std::{collections::BTreeSet, sync::Arc};

use reqwest::Method;
use serde_json::json;
use stateright::semantics::SequentialSpec;

use crate::{
    api::{Answer, Api, Ask, Outcome},
    history::History,
    user::{PASSWORD, User},
};

/// How many sessions there are, each with a client of its own, and how many operations each asks for.
const SESSIONS: usize = 3;
const OPERATIONS: usize = 3;

type Session = usize;

/// Which sessions are alive.
#[derive(Debug, Clone)]
struct Alive(BTreeSet<Session>);

#[derive(Debug, Clone)]
enum Operation {
    SignIn(Session),
    Me(Session),
    SignOut(Session),
    RevokeOthers(Session),
    RevokeAll(Session),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Done,
    NotSignedIn,
}

impl SequentialSpec for Alive {
    type Op = Operation;
    type Ret = Told;

    fn invoke(&mut self, operation: &Operation) -> Told {
        let (Operation::SignIn(session)
        | Operation::Me(session)
        | Operation::SignOut(session)
        | Operation::RevokeOthers(session)
        | Operation::RevokeAll(session)) = operation;
        let is_called = !matches!(operation, Operation::SignIn(_) | Operation::SignOut(_));
        if is_called && !self.0.contains(session) {
            return Told::NotSignedIn;
        }
        match operation {
            Operation::SignIn(session) => drop(self.0.insert(*session)),
            Operation::Me(_) => {}
            Operation::SignOut(session) => drop(self.0.remove(session)),
            Operation::RevokeOthers(session) => self.0.retain(|other| other == session),
            Operation::RevokeAll(_) => self.0.clear(),
        }
        Told::Done
    }

    /// A session that ends between being looked at and revoking all has still been obeyed.
    fn is_valid_step(&mut self, operation: &Operation, told: &Told) -> bool {
        if matches!((operation, told), (Operation::RevokeAll(_), Told::Done)) {
            self.0.clear();
            return true;
        }
        &self.invoke(operation) == told
    }
}

/// Begins sessions of an account, ends them, and judges what their clients were told. Those of the rounds before are nobody's
/// any more.
pub async fn round(api: &Arc<Api>, account: &Arc<User>, random: &mut fastrand::Rng) -> usize {
    let history = History::new(Alive(BTreeSet::new()));
    let clients = (0..SESSIONS).map(|session| {
        let (api, user, history, random) = (Arc::clone(api), Arc::clone(account), Arc::clone(&history), random.fork());
        tokio::spawn(client(api, user, session, history, random))
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.unwrap();
    }
    history.judge().await
}

async fn client(
    api: Arc<Api>,
    user: Arc<User>,
    session: Session,
    history: Arc<History<Alive>>,
    mut random: fastrand::Rng,
) {
    let body = json!({"email": user.email, "password": PASSWORD});
    let sign_in = Ask::new(Method::POST, "/api/auth/sign-in/email").json(body);
    let token = std::sync::Mutex::new(String::new());
    let signed_in = history.ask(&api, &sign_in, Operation::SignIn(session), |answer| {
        answer.body["token"].as_str().unwrap_or_default().clone_into(&mut token.lock().unwrap());
        told(&answer)
    });
    if signed_in.await.is_none() {
        return;
    }
    let token = token.into_inner().unwrap();
    for _ in 0..OPERATIONS {
        let (operation, ask) = match random.u8(0..8) {
            0 => (Operation::SignOut(session), Ask::new(Method::POST, "/api/auth/sign-out")),
            1 => (Operation::RevokeOthers(session), Ask::new(Method::POST, "/api/auth/revoke-other-sessions")),
            2 => (Operation::RevokeAll(session), Ask::new(Method::POST, "/api/auth/revoke-sessions")),
            _ => (Operation::Me(session), Ask::new(Method::GET, "/api/auth/me")),
        };
        history.ask(&api, &ask.token(&token), operation, |answer| told(&answer)).await;
    }
    // Who was signed in by an answer that nobody got is no session of anybody's.
    let me = Ask::new(Method::GET, "/api/auth/me").token(&token);
    if let Outcome::Answered(answer) = api.send(&me).await {
        assert!(answer.status != 200 || answer.body["id"] == json!(user.id), "signed in as somebody else: {answer:?}");
    }
}

fn told(answer: &Answer) -> Told {
    match answer.status {
        200 => Told::Done,
        401 => Told::NotSignedIn,
        _ => panic!("{answer:?}"),
    }
}
