//! The secret is rotated while requests go on. CloudFormation updates one function after the other, in an order of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::App;

use crate::{
    case::in_parallel,
    event::{event, with_bearer, without_cookies},
    world::{LOCAL, World, answer},
};

const NEXT: &str = "the-next-secret-0123456789-0123456789-0123";

/// What the functions have of the secret before and after an update: the one that signs, and another one that verifies.
type Step = (&'static str, Option<&'static str>);

fn first() -> &'static str {
    LOCAL["JWT_SECRET_KEY"]
}

/// As OPERATING says: the next one verifies before it signs.
fn steps() -> [Step; 3] {
    [(first(), None), (first(), Some(NEXT)), (NEXT, Some(first()))]
}

/// The functions that requests go to, and whether a token for other services opens them.
const ASKED: [(&str, &str, bool); 6] = [
    ("auth-get-session", "auth-get-session/bearer", false),
    ("auth-list-sessions", "auth-list-sessions/sessions", false),
    ("auth-me", "auth-me/user", true),
    ("auth-token", "auth-token/token", false),
    ("tasks-create", "tasks-create/created", true),
    ("tasks-list", "tasks-list/tasks", true),
];

/// Those that begin and end sessions.
const OTHERS: [&str; 4] = ["auth-jwks", "auth-login", "auth-sign-in-email", "auth-sign-out"];

/// The functions, of which some are updated.
struct Functions {
    apps: [App; 2],
    updated: BTreeSet<&'static str>,
}

impl Functions {
    async fn new(world: &World, (before, after): (Step, Step)) -> Self {
        let app = async |(signs, verifies): Step| {
            let mut variables = vec![("JWT_SECRET_KEY", signs)];
            variables.extend(verifies.map(|secret| ("JWT_SECRET_KEY_PREVIOUS", secret)));
            world.app_with(&variables).await
        };
        Self { apps: [app(before).await, app(after).await], updated: BTreeSet::new() }
    }

    async fn send(&self, function: &str, event: Value) -> crate::world::Answer {
        answer(&self.apps[usize::from(self.updated.contains(function))], function, event).await
    }
}

/// Rotates in steps, updating the functions in an order of its own in each, while requests go on: what a client is told that should
/// not be, if anything.
async fn rotate(steps: &[Step], seed: u64) -> Option<String> {
    let world = World::new().await;
    let mut random = fastrand::Rng::with_seed(seed);
    // A token each, and whether it is one for other services.
    let mut tokens: Vec<(String, bool)> = Vec::new();
    for pair in steps.windows(2) {
        let mut functions = Functions::new(&world, (pair[0], pair[1])).await;
        let mut order: Vec<_> = ASKED.iter().map(|(function, ..)| *function).chain(OTHERS).collect();
        random.shuffle(&mut order);
        for (number, function) in order.into_iter().enumerate() {
            if number % 5 == 0 {
                let login = functions.send("auth-login", event("auth-login/logged-in")).await;
                let sign_in = functions.send("auth-sign-in-email", event("auth-sign-in-email/signed-in")).await;
                tokens.push((login.text_at("/access_token").to_owned(), false));
                tokens.push((sign_in.text_at("/token").to_owned(), false));
                let token = with_bearer(event("auth-token/token"), sign_in.text_at("/token"));
                let service = functions.send("auth-token", token).await;
                if service.status != 200 {
                    return Some(format!("{seed}: auth-token does not know who has just signed in: {}", service.text));
                }
                tokens.push((service.text_at("/token").to_owned(), true));
            }
            functions.updated.insert(function);
            for (function, name, takes_service) in ASKED {
                let (token, is_service) = random.choice(&tokens).unwrap();
                if *is_service && !takes_service {
                    continue;
                }
                let answer = functions.send(function, with_bearer(without_cookies(event(name)), token)).await;
                if answer.status >= 300 || answer.text == "null" {
                    return Some(format!("{seed}: {function} signs somebody out: {} {}", answer.status, answer.text));
                }
            }
            // Signing out is believed only where it is so, everywhere.
            let ended = random.usize(..tokens.len());
            if !tokens[ended].1 && tokens.len() > 6 {
                let (token, _) = tokens.remove(ended);
                let sign_out = with_bearer(without_cookies(event("auth-sign-out/signed-out")), &token);
                let answer = functions.send("auth-sign-out", sign_out).await;
                if answer.status != 200 {
                    return Some(format!("{seed}: nobody can sign out: {}", answer.text));
                }
                // The token for other services that came of the same session has ended with it.
                for app in &functions.apps {
                    let me = with_bearer(without_cookies(event("auth-me/user")), &token);
                    assert_eq!(crate::world::answer(app, "auth-me", me).await.status, 401, "{seed}");
                }
                let mut left = Vec::new();
                for (token, is_service) in std::mem::take(&mut tokens) {
                    let me = with_bearer(without_cookies(event("auth-me/user")), &token);
                    if !is_service || functions.send("auth-me", me).await.status == 200 {
                        left.push((token, is_service));
                    }
                }
                tokens = left;
            }
        }
    }
    None
}

/// What came of many orders, by whether something was wrong.
async fn rotate_in_orders(count: u64, steps: Vec<Step>) -> BTreeMap<bool, Vec<String>> {
    let trials = (0..count).map(|seed| {
        let steps = steps.clone();
        async move { rotate(&steps, seed).await }
    });
    let mut outcomes = BTreeMap::<bool, Vec<String>>::new();
    for outcome in in_parallel(trials).await {
        outcomes.entry(outcome.is_some()).or_default().push(outcome.unwrap_or_default());
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn in_no_order_of_updating_functions_does_a_rotation_sign_anybody_out() {
    let outcomes = rotate_in_orders(50, steps().to_vec()).await;
    assert_eq!(outcomes.get(&true), None);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn a_secret_that_signs_before_it_verifies_everywhere_signs_people_out() {
    let [before, _, after] = steps();
    let outcomes = rotate_in_orders(10, vec![before, after]).await;
    assert!(outcomes[&true].len() > 5, "nothing would be found: {outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn other_services_find_the_next_key_before_it_signs() {
    let world = World::new().await;
    let [_, ahead, after] = steps();
    let mut keys = Vec::new();
    for step in [ahead, after] {
        let functions = Functions::new(&world, (step, step)).await;
        let answer = functions.send("auth-jwks", event("auth-jwks/keys")).await;
        let ids = answer.json["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned());
        keys.push(ids.collect::<BTreeSet<_>>());
    }
    assert_eq!(keys[0].len(), 2);
    assert_eq!(keys[0], keys[1]);
}
