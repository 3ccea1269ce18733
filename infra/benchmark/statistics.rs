//! What many measurements come down to.

use std::time::Duration;

use serde::Serialize;

/// The middle and the end of a distribution, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) min: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Summary {
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |hundredth: usize| values.get((values.len() * hundredth / 100).min(values.len().saturating_sub(1)));
        let at = |hundredth| at(hundredth).copied().unwrap_or_default();
        Self { min: at(0), p50: at(50), p99: at(99) }
    }

    pub(crate) fn of_durations(values: impl IntoIterator<Item = Duration>) -> Self {
        Self::of(values.into_iter().map(milliseconds))
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
