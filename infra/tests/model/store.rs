//! The rows that say who is signed in, and what the store does to them. Each function is one call to DynamoDB, so nothing
//! comes between what it reads and what it writes, and has the name of the one in `shared/src/store` that makes that call.

/// How many operations of two actors may begin a session or set a password.
pub const SLOTS: usize = 4;

/// The number of a session: two of the account's, one of somebody else's, and those that operations begin.
pub type Session = usize;

/// The session of the other account.
pub const OF_ANOTHER: Session = 2;

pub const SESSIONS: usize = 3 + SLOTS;

/// The number of a password: the one from the beginning, and those that operations set.
pub type Password = usize;

pub const PASSWORDS: usize = 1 + SLOTS;

/// The hash of a password, made as it is today or as it was in former times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PasswordHash {
    pub password: Password,
    pub is_older: bool,
}

/// A row of `Users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct User {
    pub password_hash: PasswordHash,
    pub session_epoch: u8,
    pub is_active: bool,
}

/// The tables, as far as the account and somebody else's are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Store {
    /// The account's row of `Credentials`.
    pub credential: Option<PasswordHash>,
    /// The account's row of `Users`, and that of somebody else.
    users: [Option<User>; 2],
    /// The rows of `Sessions`, each with its epoch.
    sessions: [Option<u8>; SESSIONS],
}

/// Whose session it is.
fn owner(session: Session) -> usize {
    usize::from(session == OF_ANOTHER)
}

impl Store {
    pub fn beginning() -> Self {
        let password_hash = PasswordHash { password: 0, is_older: true };
        let user = User { password_hash, session_epoch: 0, is_active: true };
        let mut sessions = [None; SESSIONS];
        sessions[..=OF_ANOTHER].fill(Some(0));
        Self { credential: Some(password_hash), users: [Some(user); 2], sessions }
    }

    /// What `Alive::check` compares.
    pub fn is_alive(&self, session: Session) -> bool {
        let epoch_and_user = self.sessions[session].zip(self.users[owner(session)]);
        epoch_and_user.is_some_and(|(epoch, user)| user.is_active && epoch >= user.session_epoch)
    }

    pub fn user_with_account(&self) -> Option<User> {
        self.users[0]
    }

    /// The epoch of the session and the row of its user, if it is alive.
    pub fn caller_with_account(&self, session: Session) -> Option<(u8, User)> {
        self.sessions[session].zip(self.users[owner(session)]).filter(|_| self.is_alive(session))
    }

    pub fn create_session(&mut self, session: Session, epoch: u8) {
        self.sessions[session] = Some(epoch);
    }

    pub fn delete_session(&mut self, session: Session) {
        self.sessions[session] = None;
    }

    /// Whether it is there.
    pub fn extend_session(&self, session: Session) -> bool {
        self.sessions[session].is_some()
    }

    pub fn revoke_sessions(&mut self) -> bool {
        self.users[0].as_mut().map(|user| user.session_epoch += 1).is_some()
    }

    pub fn revoke_other_sessions(&mut self, caller: Session, epoch: u8) -> bool {
        let is_as_read = self.users[0].is_some_and(|user| user.session_epoch == epoch)
            && self.sessions[caller].is_some_and(|of_session| of_session <= epoch);
        if is_as_read {
            self.revoke_sessions();
            self.sessions[caller] = Some(epoch + 1);
        }
        is_as_read
    }

    pub fn replace_password_hash(&mut self, old: PasswordHash) {
        if self.has_hash(old) {
            self.set_hash(PasswordHash { is_older: false, ..old });
        }
    }

    pub fn change_password(&mut self, caller: Session, old: User, new: Password, new_session: Option<Session>) -> bool {
        let is_as_read = self.has_hash(old.password_hash)
            && self.users[0].is_some_and(|user| user.is_active && user.session_epoch == old.session_epoch)
            && self.sessions[caller].is_some();
        if is_as_read {
            self.set_hash(PasswordHash { password: new, is_older: false });
            if let Some(session) = new_session {
                self.revoke_sessions();
                self.create_session(session, old.session_epoch + 1);
            }
        }
        is_as_read
    }

    pub fn reset_password(&mut self, old: PasswordHash, new: Password) -> bool {
        let is_as_read = self.has_hash(old);
        if is_as_read {
            self.set_hash(PasswordHash { password: new, is_older: false });
            self.revoke_sessions();
        }
        is_as_read
    }

    pub fn delete_account(&mut self, old: User) -> bool {
        let is_as_read = self.has_hash(old.password_hash)
            && self.users[0].is_some_and(|user| user.session_epoch == old.session_epoch);
        if is_as_read {
            (self.credential, self.users[0]) = (None, None);
        }
        is_as_read
    }

    /// What an operator does, as OPERATING says.
    pub fn disable(&mut self) -> bool {
        self.users[0].as_mut().map(|user| user.is_active = false).is_some() && self.revoke_sessions()
    }

    /// The same.
    pub fn enable(&mut self) {
        if let Some(user) = &mut self.users[0] {
            user.is_active = true;
        }
    }

    fn has_hash(&self, hash: PasswordHash) -> bool {
        self.credential == Some(hash) && self.users[0].is_some_and(|user| user.password_hash == hash)
    }

    fn set_hash(&mut self, hash: PasswordHash) {
        self.credential = Some(hash);
        if let Some(user) = &mut self.users[0] {
            user.password_hash = hash;
        }
    }
}
