//! Two actors who do something to one account at the same time, and what must hold whichever of their calls comes first.

use stateright::{Model, Property};

use crate::{
    operations::{ATTEMPTS, Call, Known, Operation, Running},
    store::{OF_ANOTHER, PASSWORDS, Password, SESSIONS, SLOTS, Session, Store},
};

pub const NO_SESSION_OUTLIVES_ITS_REVOCATION: &str = "no session outlives its revocation";
pub const NO_PASSWORD_OUTLIVES_ITS_CHANGE: &str = "no password outlives its change";
pub const NOBODY_ELSES_SESSION_IS_ENDED: &str = "nobody else's session is ended";
/// So that the others do not hold because nothing ever meets.
const A_SIGN_IN_LOSES: &str = "a sign-in loses to what overlaps it";
const AN_OPERATION_STARTS_OVER: &str = "an operation starts over";

/// A mistake that the code does not make, to see that the model would tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A sign-in takes the epoch from a read of the user that shows another hash than the one it compared.
    EpochOfAnotherRead,
    /// A session is extended by writing its row as it was read.
    ExtensionWritesTheRow,
    /// Signing out with a token of a key that the function has not got yet is called a success.
    UnknownKeyIsSignedOut,
    /// Revoking the other sessions raises the user's epoch first, and that of the own session after.
    RevocationInTwoWrites,
    /// Revoking a session asks for no more than a token that is valid.
    AnybodysTokenIsRevoked,
}

/// The model.
#[derive(Debug)]
pub struct Sessions {
    /// How many operations each actor asks for, one after the other.
    pub operations: [usize; 2],
    pub flaw: Option<Flaw>,
}

/// Somebody with a function of their own: what they ask is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Actor {
    has_asked: usize,
    running: Option<Running>,
    /// The last password that they have set, or the one from the beginning.
    password: Password,
    has_next_secret: bool,
}

/// What the store holds and what the actors know; and beside it, what the properties are about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    store: Store,
    actors: [Actor; 2],
    /// Whether the token of a session is signed under the next secret.
    is_of_next_secret: [bool; SESSIONS],

    /// Which sessions there have been.
    has_begun: [bool; SESSIONS],
    /// Which of them something has ended that was done, or was said to be.
    is_ended: [bool; SESSIONS],
    /// Which password a session was begun with, if it was with one of the account's.
    password: [Option<Password>; SESSIONS],
    /// Whether that was no longer the account's when the sign-in began.
    is_late: [bool; SESSIONS],
    /// Passwords after which the account had another one.
    is_replaced: [bool; PASSWORDS],
    /// Those whose sessions were to end with them.
    is_ended_with_sessions: [bool; PASSWORDS],
    has_lost: bool,
    has_started_over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Asks(usize, Operation),
    Calls(usize, Call),
}

impl Model for Sessions {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let actor = Actor { has_asked: 0, running: None, password: 0, has_next_secret: false };
        let mut has_begun = [false; SESSIONS];
        has_begun[..=OF_ANOTHER].fill(true);
        let mut password = [None; SESSIONS];
        password[..OF_ANOTHER].fill(Some(0));
        vec![State {
            store: Store::beginning(),
            actors: [actor.clone(), actor],
            is_of_next_secret: [false; SESSIONS],
            has_begun,
            is_ended: [false; SESSIONS],
            password,
            is_late: [false; SESSIONS],
            is_replaced: [false; PASSWORDS],
            is_ended_with_sessions: [false; PASSWORDS],
            has_lost: false,
            has_started_over: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (side, actor) in state.actors.iter().enumerate() {
            match &actor.running {
                Some(running) => {
                    actions.extend(running.next_calls().into_iter().map(|call| Action::Calls(side, call)));
                }
                None if actor.has_asked < self.operations[side] => {
                    let operations = state.operations(side);
                    actions.extend(operations.into_iter().map(|operation| Action::Asks(side, operation)));
                }
                None => {}
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Asks(side, operation) => state.ask(side, operation),
            Action::Calls(side, call) => {
                let running = state.actors[side].running?;
                let known = state.call(side, running, call, self.flaw);
                let running = known.map(|known| Running { known, ..state.actors[side].running.unwrap_or(running) });
                state.actors[side].has_asked += usize::from(running.is_none());
                state.actors[side].running = running;
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(NO_SESSION_OUTLIVES_ITS_REVOCATION, |_, state: &State| {
                (0..SESSIONS).all(|session| !state.is_ended[session] || !state.store.is_alive(session))
            }),
            Property::always(NO_PASSWORD_OUTLIVES_ITS_CHANGE, |_, state: &State| {
                let is_over = |session: Session, password: Password| {
                    state.is_late[session] || state.is_ended_with_sessions[password]
                };
                let mut alive = (0..SESSIONS).filter(|session| state.store.is_alive(*session));
                alive.all(|session| !state.password[session].is_some_and(|password| is_over(session, password)))
            }),
            Property::always(NOBODY_ELSES_SESSION_IS_ENDED, |_, state: &State| {
                let mut begun = (0..SESSIONS).filter(|session| state.has_begun[*session]);
                begun.all(|session| state.is_ended[session] || state.store.is_alive(session))
            }),
            Property::sometimes(A_SIGN_IN_LOSES, |_, state: &State| state.has_lost),
            Property::sometimes(AN_OPERATION_STARTS_OVER, |_, state: &State| state.has_started_over),
        ]
    }
}

impl State {
    /// What an actor may ask for, by any session of the account: the devices may be either's.
    fn operations(&self, side: usize) -> Vec<Operation> {
        let mut passwords = vec![0, self.actors[side].password];
        passwords.dedup();
        let sign_ins = passwords.into_iter().map(|password| Operation::SignIn { password });
        let mut operations: Vec<_> = sign_ins.collect();
        operations.extend([Operation::ResetPassword, Operation::DisableAndEnable]);
        operations.extend([0, 1].map(|function| Operation::Rotate { function }));
        for by in (0..SESSIONS).filter(|session| self.has_begun[*session] && *session != OF_ANOTHER) {
            operations.extend([
                Operation::ChangePassword { by, revokes: false },
                Operation::ChangePassword { by, revokes: true },
                Operation::RevokeOtherSessions { by },
                Operation::RevokeSessions { by },
                Operation::SignOut { by },
                Operation::Logout { by },
                Operation::GetSession { by },
                Operation::DeleteUser { by },
            ]);
            let named = (0..SESSIONS).filter(|session| self.has_begun[*session]);
            operations.extend(named.map(|named| Operation::RevokeSession { by, named }));
        }
        operations
    }

    fn ask(&mut self, side: usize, operation: Operation) {
        let is_late = matches!(operation, Operation::SignIn { password } if self.is_replaced[password]);
        let running = Running { operation, known: Known::Nothing, attempts: 1, is_late, is_overtaken: false };
        self.actors[side].running = Some(running);
    }

    /// Carries out a call, and gives what the operation knows then; `None` when it is over.
    fn call(&mut self, side: usize, running: Running, call: Call, flaw: Option<Flaw>) -> Option<Known> {
        let slot = side * SLOTS / 2 + self.actors[side].has_asked;
        let (new_session, new_password): (Session, Password) = (3 + slot, 1 + slot);
        match (call, running.operation, running.known) {
            (Call::Credential, _, _) => self.store.credential.map(Known::Credential),
            (Call::UserWithAccount, Operation::SignIn { password }, Known::Credential(compared)) => {
                let user = self.store.user_with_account()?;
                if user.password_hash != compared && flaw != Some(Flaw::EpochOfAnotherRead) {
                    return self.start_over(side, Known::Nothing);
                }
                let is_let_in = compared.password == password && user.is_active;
                let is_rehash_due = compared.is_older;
                is_let_in.then_some(Known::SignsIn { user, is_session_due: true, is_rehash_due })
            }
            (Call::CreateSession, Operation::SignIn { password }, Known::SignsIn { user, is_rehash_due, .. }) => {
                self.store.create_session(new_session, user.session_epoch);
                self.begin(side, new_session, password);
                self.is_late[new_session] = running.is_late;
                self.is_ended[new_session] = running.is_overtaken;
                self.has_lost |= running.is_overtaken;
                is_rehash_due.then_some(Known::SignsIn { user, is_session_due: false, is_rehash_due })
            }
            (Call::ReplacePasswordHash, _, Known::SignsIn { user, is_session_due, .. }) => {
                self.store.replace_password_hash(user.password_hash);
                is_session_due.then_some(Known::SignsIn { user, is_session_due, is_rehash_due: false })
            }
            (Call::CallerWithAccount | Call::CheckAlive, operation, _) => self.find_caller(side, operation),
            (Call::ChangePassword, Operation::ChangePassword { by, revokes }, Known::Caller(_, user)) => {
                if user.password_hash.password != self.actors[side].password {
                    return None;
                }
                let session = revokes.then_some(new_session);
                if !self.store.change_password(by, user, new_password, session) {
                    let found = self.find_caller(side, running.operation)?;
                    return self.start_over(side, found);
                }
                self.replace(side, user.password_hash.password, new_password, revokes);
                if revokes {
                    self.begin(side, new_session, new_password);
                }
                None
            }
            (Call::RevokeOtherSessions, Operation::RevokeOtherSessions { by }, Known::Caller(_, user)) => {
                if flaw == Some(Flaw::RevocationInTwoWrites) {
                    self.store.revoke_sessions();
                    self.end_all_but(Some(by));
                    return Some(Known::HalfRevoked(user.session_epoch + 1));
                }
                if self.store.revoke_other_sessions(by, user.session_epoch) {
                    self.end_all_but(Some(by));
                }
                None
            }
            (Call::RaiseOwnEpoch, Operation::RevokeOtherSessions { by }, Known::HalfRevoked(epoch)) => {
                self.store.create_session(by, epoch);
                None
            }
            (Call::RevokeSessions, _, _) => {
                if self.store.revoke_sessions() {
                    self.end_all_but(None);
                }
                None
            }
            (Call::DeleteSession, Operation::RevokeSession { named, .. }, _) => {
                let is_own = named != OF_ANOTHER || flaw == Some(Flaw::AnybodysTokenIsRevoked);
                if is_own && self.knows_key(side, named) {
                    self.store.delete_session(named);
                    // To end somebody else's session is nobody's to ask.
                    self.is_ended[named] = named != OF_ANOTHER;
                }
                None
            }
            (Call::DeleteSession, Operation::SignOut { by } | Operation::Logout { by }, _) => {
                if self.knows_key(side, by) {
                    self.store.delete_session(by);
                    self.is_ended[by] = true;
                } else if flaw == Some(Flaw::UnknownKeyIsSignedOut) {
                    self.is_ended[by] = true;
                }
                None
            }
            (Call::ExtendSession, Operation::GetSession { by }, Known::Caller(epoch, _)) => {
                if flaw == Some(Flaw::ExtensionWritesTheRow) {
                    self.store.create_session(by, epoch);
                }
                self.store.extend_session(by);
                None
            }
            (Call::DeleteAccount, operation, Known::Caller(_, user)) => {
                if user.password_hash.password != self.actors[side].password {
                    return None;
                }
                if !self.store.delete_account(user) {
                    return self.start_over(side, Known::Nothing).and(self.find_caller(side, operation));
                }
                self.end_all_but(None);
                None
            }
            (Call::UserWithAccount, Operation::ResetPassword, _) => {
                let user = self.store.user_with_account()?;
                (user.password_hash == Store::beginning().credential?).then_some(Known::Account(user))
            }
            (Call::ResetPassword, _, Known::Account(user)) => {
                if self.store.reset_password(user.password_hash, new_password) {
                    self.replace(side, user.password_hash.password, new_password, true);
                }
                None
            }
            (Call::Disable, _, _) => {
                let is_done = self.store.disable();
                if is_done {
                    self.end_all_but(None);
                }
                is_done.then_some(Known::Disabled)
            }
            (Call::Enable, _, _) => {
                self.store.enable();
                None
            }
            (Call::Rotate, Operation::Rotate { function }, _) => {
                self.actors[function].has_next_secret = true;
                None
            }
            (call, operation, known) => panic!("{operation:?} does not call {call:?} when it knows {known:?}"),
        }
    }

    fn find_caller(&self, side: usize, operation: Operation) -> Option<Known> {
        let (Operation::ChangePassword { by, .. }
        | Operation::RevokeSession { by, .. }
        | Operation::RevokeOtherSessions { by }
        | Operation::RevokeSessions { by }
        | Operation::Logout { by }
        | Operation::GetSession { by }
        | Operation::DeleteUser { by }) = operation
        else {
            return None;
        };
        let found = self.store.caller_with_account(by).filter(|_| self.knows_key(side, by));
        found.map(|(epoch, user)| Known::Caller(epoch, user))
    }

    /// Whether the function of an actor has the key of a session's token.
    fn knows_key(&self, side: usize, session: Session) -> bool {
        self.actors[side].has_next_secret || !self.is_of_next_secret[session]
    }

    fn start_over(&mut self, side: usize, known: Known) -> Option<Known> {
        self.has_started_over = true;
        let running = self.actors[side].running.as_mut()?;
        running.attempts += 1;
        (running.attempts <= ATTEMPTS).then_some(known)
    }

    fn begin(&mut self, side: usize, session: Session, password: Password) {
        self.has_begun[session] = true;
        self.password[session] = Some(password);
        self.is_of_next_secret[session] = self.actors[side].has_next_secret;
    }

    fn replace(&mut self, side: usize, old: Password, new: Password, ends_sessions: bool) {
        self.actors[side].password = new;
        self.is_replaced[old] = true;
        if ends_sessions {
            self.is_ended_with_sessions = std::array::from_fn(|password| password != new);
            self.end_all_but(None);
        }
    }

    /// Notes that the account's sessions have ended: those that there are, and those of sign-ins that have read the account
    /// before.
    fn end_all_but(&mut self, kept: Option<Session>) {
        for session in (0..SESSIONS).filter(|session| *session != OF_ANOTHER && Some(*session) != kept) {
            self.is_ended[session] |= self.has_begun[session];
        }
        for running in self.actors.iter_mut().filter_map(|actor| actor.running.as_mut()) {
            running.is_overtaken |= matches!(running.known, Known::SignsIn { is_session_due: true, .. });
        }
    }
}
