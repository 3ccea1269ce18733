//! That something is done, as the Better Auth client knows it.

use serde::Serialize;
use utoipa::ToSchema;

/// That it is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthStatus)]
pub(super) struct StatusJson {
    status: bool,
}

impl StatusJson {
    /// It is done.
    pub(super) const DONE: Self = Self { status: true };
}
