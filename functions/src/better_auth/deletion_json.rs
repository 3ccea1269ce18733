use serde::Serialize;
use utoipa::ToSchema;

/// What came of asking for an account to be deleted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BetterAuthDeletion)]
pub(super) struct DeletionJson {
    success: bool,
    message: &'static str,
}

impl DeletionJson {
    /// A link is on its way.
    pub(super) const ASKED: Self = Self { success: true, message: "Verification email sent" };
    /// It is deleted.
    pub(super) const DELETED: Self = Self { success: true, message: "User deleted" };
}
