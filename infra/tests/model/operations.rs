//! What is asked of an account, call by call: which call comes next, and what an operation knows from those before.

use crate::store::{Password, PasswordHash, Session, User};

/// What somebody asks for. `by` is the session that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    SignIn {
        password: Password,
    },
    ChangePassword {
        by: Session,
        revokes: bool,
    },
    RevokeSession {
        by: Session,
        named: Session,
    },
    RevokeOtherSessions {
        by: Session,
    },
    RevokeSessions {
        by: Session,
    },
    SignOut {
        by: Session,
    },
    Logout {
        by: Session,
    },
    GetSession {
        by: Session,
    },
    DeleteUser {
        by: Session,
    },
    /// By the link in a mail, which is for the password from the beginning.
    ResetPassword,
    /// An operator disables the account, and enables it again.
    DisableAndEnable,
    /// The function of an actor gets the next secret.
    Rotate {
        function: usize,
    },
}

/// A call to the store, by the name of its function, or what an operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    Credential,
    UserWithAccount,
    CallerWithAccount,
    CheckAlive,
    CreateSession,
    DeleteSession,
    ExtendSession,
    ReplacePasswordHash,
    ChangePassword,
    RevokeSessions,
    RevokeOtherSessions,
    ResetPassword,
    DeleteAccount,
    Disable,
    Enable,
    Rotate,
    /// The second half of a write that a flaw has torn apart.
    RaiseOwnEpoch,
}

impl Call {
    /// Those that are functions of the store.
    pub const OF_THE_STORE: [Self; 13] = [
        Self::Credential,
        Self::UserWithAccount,
        Self::CallerWithAccount,
        Self::CheckAlive,
        Self::CreateSession,
        Self::DeleteSession,
        Self::ExtendSession,
        Self::ReplacePasswordHash,
        Self::ChangePassword,
        Self::RevokeSessions,
        Self::RevokeOtherSessions,
        Self::ResetPassword,
        Self::DeleteAccount,
    ];
}

/// What an operation knows so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    Nothing,
    /// The hash that the password is compared with.
    Credential(PasswordHash),
    /// Who signs in, under which epoch, and what is still to be written.
    SignsIn {
        user: User,
        is_session_due: bool,
        is_rehash_due: bool,
    },
    /// The caller's session with its epoch, and the user.
    Caller(u8, User),
    /// Whose password is reset.
    Account(User),
    /// The account is disabled.
    Disabled,
    /// The user's epoch is raised, and the session's is not.
    HalfRevoked(u8),
}

/// How often a change that finds something else than it read starts over.
pub const ATTEMPTS: u8 = 3;

/// An operation under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Running {
    pub operation: Operation,
    pub known: Known,
    pub attempts: u8,
    /// Whether the password that signs in was another one's already when the operation began.
    pub is_late: bool,
    /// Whether, since the account was read that the session will be of, something has ended all sessions.
    pub is_overtaken: bool,
}

impl Running {
    /// The calls that may come next: more than one where they are made at the same time.
    pub fn next_calls(&self) -> Vec<Call> {
        match (self.operation, self.known) {
            (Operation::SignIn { .. }, Known::Nothing) => vec![Call::Credential],
            (Operation::SignIn { .. }, Known::Credential(_)) => vec![Call::UserWithAccount],
            (Operation::SignIn { .. }, Known::SignsIn { is_session_due, is_rehash_due, .. }) => {
                let session = is_session_due.then_some(Call::CreateSession);
                session.into_iter().chain(is_rehash_due.then_some(Call::ReplacePasswordHash)).collect()
            }
            (Operation::SignOut { .. }, _) => vec![Call::DeleteSession],
            (Operation::Logout { .. }, Known::Nothing) => vec![Call::CheckAlive],
            (Operation::ResetPassword, Known::Nothing) => vec![Call::UserWithAccount],
            (Operation::ResetPassword, _) => vec![Call::ResetPassword],
            (Operation::DisableAndEnable, Known::Disabled) => vec![Call::Enable],
            (Operation::DisableAndEnable, _) => vec![Call::Disable],
            (Operation::Rotate { .. }, _) => vec![Call::Rotate],
            (_, Known::Nothing) => vec![Call::CallerWithAccount],
            (Operation::ChangePassword { .. }, _) => vec![Call::ChangePassword],
            (Operation::RevokeSession { .. } | Operation::Logout { .. }, _) => vec![Call::DeleteSession],
            (Operation::RevokeOtherSessions { .. }, Known::HalfRevoked(_)) => vec![Call::RaiseOwnEpoch],
            (Operation::RevokeOtherSessions { .. }, _) => vec![Call::RevokeOtherSessions],
            (Operation::RevokeSessions { .. }, _) => vec![Call::RevokeSessions],
            (Operation::GetSession { .. }, _) => vec![Call::ExtendSession],
            (Operation::DeleteUser { .. }, _) => vec![Call::DeleteAccount],
            (Operation::SignIn { .. }, _) => vec![],
        }
    }
}
