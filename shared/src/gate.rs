//! A gate between what a request may do at once and what has to wait until something is decided about it.

use tokio::sync::watch;

/// A gate: what changes something, and what takes much work, waits until it is open. By default it is.
#[derive(Debug, Clone, Default)]
pub struct Gate(Option<watch::Receiver<bool>>);

/// Opens a gate that was shut.
#[derive(Debug)]
pub struct Opener(watch::Sender<bool>);

impl Gate {
    /// A gate that is shut, and what opens it.
    pub fn shut() -> (Self, Opener) {
        let (opener, state) = watch::channel(false);
        (Self(Some(state)), Opener(opener))
    }

    /// Returns when the gate is open, which may be never.
    pub async fn passed(&self) {
        let Some(state) = &self.0 else { return };
        // Nobody is left to open it.
        if state.clone().wait_for(|is_open| *is_open).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Opener {
    /// Opens the gate, for good.
    pub fn open(self) {
        self.0.send_replace(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_open(gate: &Gate) -> bool {
        tokio::select! {
            biased;
            () = gate.passed() => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn is_open_unless_it_is_shut_and_stays_open_once_it_is() {
        assert!(is_open(&Gate::default()).await);
        let (gate, opener) = Gate::shut();
        assert!(!is_open(&gate).await);
        opener.open();
        assert!(is_open(&gate).await);
        assert!(is_open(&gate.clone()).await);
    }

    #[tokio::test]
    async fn stays_shut_when_nobody_is_left_to_open_it() {
        let (gate, opener) = Gate::shut();
        drop(opener);
        assert!(!is_open(&gate).await);
    }
}
