//! Which API is judged: one that `BASE_URL` names, or a local stack in this process, and what stands in front of it.

use std::io::Write as _;
use std::sync::OnceLock;

use infra::stack::{Options, Stack};

use crate::faulty_store::{Faults, FaultyStack};

/// What turns HTTP into events. Some answers are the gateway's own, and gateways differ.
///
/// This type is the one place that knows the differences. A test about such an answer asks here and asserts what
/// the gateway at hand does, so that no test is left out in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// The local stack: in this process, or `cargo run` with `GATEWAY=local`.
    Local,
    /// `cargo lambda watch`, with `GATEWAY=cargo-lambda`.
    CargoLambda,
    /// `sam local start-api`, with `GATEWAY=sam-local`.
    SamLocal,
    /// A deployed stage: any other API that `BASE_URL` names.
    Other,
}

impl Gateway {
    /// Whether CORS follows the configured origins. The emulator of `cargo lambda watch` allows every origin.
    pub fn keeps_to_the_trusted_origins(self) -> bool {
        self != Gateway::CargoLambda
    }

    /// What a preflight is answered with. SAM has its web framework answer.
    pub fn status_of_a_preflight(self) -> u16 {
        if self == Gateway::SamLocal { 200 } else { 204 }
    }

    /// Whether scripts are told of the headers that they may read.
    pub fn exposes_headers(self) -> bool {
        !matches!(self, Gateway::CargoLambda | Gateway::SamLocal)
    }

    /// What HEAD may be answered with, beside what an HTTP API answers. SAM hands it over as a GET, and cannot use the answer.
    pub fn own_statuses_of_head(self) -> &'static [u16] {
        if self == Gateway::SamLocal { &[502] } else { &[] }
    }

    /// Whether each request has an id of its own. SAM gives all of them that of the event it was written with.
    pub fn tells_requests_apart(self) -> bool {
        self != Gateway::SamLocal
    }

    /// Whether an unknown route and a wrong method get this product's problem document.
    pub fn answers_unknown_routes_as_problems(self) -> bool {
        self == Gateway::Local
    }

    /// Whether bytes that are not UTF-8 reach the function. A gateway may put a body into JSON text before.
    pub fn hands_over_any_bytes(self) -> bool {
        self == Gateway::Local
    }

    /// What is expected differently here, for the person who reads the output.
    fn deviations(self) -> &'static [&'static str] {
        match self {
            Gateway::Local => &[],
            Gateway::CargoLambda => &[
                "CORS: the emulator allows every origin, so untrusted origins are not refused",
                "unknown routes and wrong methods: 404 with the emulator's own body",
                "bodies and headers that are not UTF-8: the emulator's own answer",
            ],
            Gateway::SamLocal => &[
                "preflights: 200 instead of 204",
                "CORS: no exposed headers",
                "HEAD: 502",
                "request id: the same for all requests",
                "unknown routes and wrong methods: 404 or 405 with a JSON body of the gateway or of this product",
                "bodies and headers that are not UTF-8: the gateway's own answer",
            ],
            Gateway::Other => &[
                "unknown routes and wrong methods: 404 or 405 with a JSON body of the gateway or of this product",
                "bodies and headers that are not UTF-8: the gateway's own answer",
            ],
        }
    }
}

struct Target {
    base_url: String,
    gateway: Gateway,
}

fn target() -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let given = std::env::var("BASE_URL").ok().filter(|url| !url.is_empty());
        let gateway = match (std::env::var("GATEWAY").as_deref(), &given) {
            (Ok("cargo-lambda"), _) => Gateway::CargoLambda,
            (Ok("sam-local"), _) => Gateway::SamLocal,
            (Ok("local"), _) | (Err(_), None) => Gateway::Local,
            (Err(_), Some(_)) => Gateway::Other,
            (Ok(other), _) => {
                panic!("GATEWAY is `{other}`; use `local`, `cargo-lambda`, `sam-local`, or leave it unset")
            }
        };
        let base_url = given.unwrap_or_else(start_local_stack).trim_end_matches('/').to_owned();
        // Straight to the descriptor: the test runner hides what `eprintln!` writes in a test that passes.
        let mut stderr = std::io::stderr();
        let _ = writeln!(stderr, "contract: judging {base_url} behind {gateway:?}");
        for deviation in gateway.deviations() {
            let _ = writeln!(stderr, "contract: expected differently here: {deviation}");
        }
        Target { base_url, gateway }
    })
}

/// One stack per test process, on a thread with a runtime of its own: the runtime of a test ends with that test.
fn start_local_stack() -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .name("local-stack".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                if let Some(faults) = store_faults() {
                    let stack = FaultyStack::start(faults).await;
                    sender.send(stack.api_url.clone()).unwrap();
                    return std::future::pending::<()>().await;
                }
                let stack = Stack::start(Options::default()).await.expect("the local stack starts");
                sender.send(stack.api_url()).unwrap();
                std::future::pending::<()>().await;
            });
        })
        .unwrap();
    receiver.recv().expect("the local stack says where it listens")
}

/// What happens to calls of the store, if anything does.
pub fn store_faults() -> Option<Faults> {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse().expect("a number"));
    let per_mille = number("STORE_FAULTS").filter(|per_mille| *per_mille > 0)?;
    Some(Faults { seed: number("STORE_FAULTS_SEED").unwrap_or(1), per_mille, conflicts: true })
}

pub fn base_url() -> &'static str {
    &target().base_url
}

pub fn gateway() -> Gateway {
    target().gateway
}

/// The origin that the API under test trusts.
pub fn trusted_origin() -> String {
    std::env::var("TRUSTED_ORIGIN").unwrap_or_else(|_| "http://localhost:3000".to_owned())
}
