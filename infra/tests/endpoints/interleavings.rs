//! Two operations on one account at the same time, in every order of their calls to the store.
//!
//! Whatever the order, both answer, and leave behind, what they would have one after the other: so no session outlives what ended
//! it, no password its change, and no answer says of something that it was done, or not, when it is otherwise. The one exception
//! is [`Operation::steps`].

use std::{collections::BTreeSet, fmt};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, Delete, TransactWriteItem},
};
use infra::demo;
use serde_json::{Value, json};
use shared::{
    App,
    domain::{Password, PasswordAccount, Session, SessionId, User, UserId},
    dynamodb::is_condition_failure,
    identity::{
        Principal,
        mail_token::{self, MailToken, Purpose},
        password_hash::Verdict,
        session_token,
    },
};
use uuid::Uuid;

use crate::{
    case::{DAY, OLDER_HASH, demo_user},
    event::{event, with_bearer, with_body, with_session_cookie},
    orders::{Orders, Side, Turns},
    world::{Answer, Item, World, answer, number, text},
};

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    /// Somebody signs in with the password from the beginning, in the Better Auth dialect.
    SignIn,
    /// The same in the plain dialect.
    Login,
    /// The password from the beginning is changed, and no session ends.
    ChangePassword,
    /// The same, and every session ends, while a new one begins.
    ChangePasswordAndRevoke,
    /// A session ends the other.
    RevokeOther,
    /// A session ends all others, in one write.
    RevokeOthers,
    /// A session ends all, itself too.
    RevokeAll,
    /// A session ends itself, in the Better Auth dialect.
    SignOut,
    /// The same in the plain dialect.
    Logout,
    /// A session is looked at, and extended.
    Extend,
    /// A session deletes the account, with the password from the beginning.
    DeleteUser,
    /// Whoever has the link from a mail sets another password.
    Reset,
    /// An operator disables the account, as OPERATING says.
    Disable,
    /// The same, and enables it again.
    DisableAndEnable,
    /// An operator deletes the account.
    Delete,
}

use Operation as Op;

/// Those that a session asks for.
const OF_A_SESSION: [Op; 9] = [
    Op::ChangePassword,
    Op::ChangePasswordAndRevoke,
    Op::RevokeOther,
    Op::RevokeOthers,
    Op::RevokeAll,
    Op::SignOut,
    Op::Logout,
    Op::Extend,
    Op::DeleteUser,
];

/// Those of an operator.
const OF_AN_OPERATOR: [Op; 3] = [Op::Disable, Op::DisableAndEnable, Op::Delete];

/// An operation, and the one of the account's two sessions that asks for it, if one does.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Asked {
    operation: Op,
    by: usize,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.operation)?;
        if OF_A_SESSION.contains(&self.operation) { write!(f, " by session {}", self.by) } else { Ok(()) }
    }
}

/// An account, as far as the operations are concerned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    exists: bool,
    is_active: bool,
    /// The one from the beginning, or the one that a side has set.
    password: Option<Side>,
    /// Which sessions live, once the account is enabled: the two from the beginning, and one that each side has begun.
    alive: [bool; 4],
}

impl State {
    const BEGINNING: Self = Self { exists: true, is_active: true, password: None, alive: [true, true, false, false] };
}

impl Operation {
    /// In how many steps it is done, between which anything may happen.
    ///
    /// What only ends sessions looks whether the caller's is alive and then does it: one that ends in between has still been obeyed,
    /// which ends what it asked to end, and nothing else. All others are done in one step.
    fn steps(self) -> usize {
        match self {
            Op::RevokeOther | Op::RevokeAll | Op::Logout | Op::DisableAndEnable => 2,
            _ => 1,
        }
    }
}

impl Asked {
    /// Carries out a step: the status of the answer, if that was the last.
    fn step(self, side: Side, step: usize, state: &mut State) -> Option<u16> {
        let Self { operation, by } = self;
        let is_called = OF_A_SESSION.contains(&operation) && operation != Op::SignOut && step == 0;
        if is_called && !state.alive[by] {
            return Some(401);
        }
        match operation {
            Op::SignIn | Op::Login if !state.exists || state.password.is_some() => return Some(401),
            Op::SignIn | Op::Login if !state.is_active => return Some(403),
            Op::SignIn | Op::Login => state.alive[2 + side] = true,
            Op::ChangePassword | Op::ChangePasswordAndRevoke if state.password.is_some() => return Some(400),
            Op::ChangePassword => state.password = Some(side),
            Op::ChangePasswordAndRevoke => {
                state.password = Some(side);
                state.alive = [false; 4];
                state.alive[2 + side] = true;
            }
            Op::DeleteUser if state.password.is_some() => return Some(400),
            Op::Reset if !state.exists || state.password.is_some() => return Some(400),
            Op::Reset => {
                state.password = Some(side);
                state.alive = [false; 4];
            }
            Op::RevokeOthers => state.alive = [0, 1, 2, 3].map(|session| session == by),
            Op::RevokeOther | Op::RevokeAll | Op::Logout if step == 0 => return None,
            Op::RevokeOther => state.alive[1 - by] = false,
            Op::RevokeAll if !state.exists => return Some(401),
            Op::RevokeAll => state.alive = [false; 4],
            Op::SignOut | Op::Logout => state.alive[by] = false,
            Op::Extend => {}
            Op::DisableAndEnable if step == 1 => state.is_active = state.exists,
            Op::Disable | Op::DisableAndEnable => {
                state.is_active = false;
                state.alive = [false; 4];
            }
            Op::Delete | Op::DeleteUser => {
                *state = State { exists: false, is_active: false, password: None, alive: [false; 4] }
            }
        }
        (step + 1 == operation.steps()).then_some(200)
    }
}

/// What may come of two operations: the answers and the account.
fn allowed(asked: [Asked; 2]) -> BTreeSet<([u16; 2], State)> {
    let mut allowed = BTreeSet::new();
    let mut open = vec![([0, 0], [None, None], State::BEGINNING)];
    while let Some((steps, statuses, state)) = open.pop() {
        if let [Some(first), Some(second)] = statuses {
            allowed.insert(([first, second], state));
            continue;
        }
        for side in [0, 1] {
            if statuses[side].is_none() {
                let (mut steps, mut statuses, mut state) = (steps, statuses, state.clone());
                statuses[side] = asked[side].step(side, steps[side], &mut state);
                steps[side] += 1;
                open.push((steps, statuses, state));
            }
        }
    }
    allowed
}

/// A store, what an account begins with, and the functions as either side calls them.
struct Stage {
    world: World,
    password_hash: String,
    turns: Turns,
    sides: [(App, Client); 2],
    accounts: u128,
}

/// An account with two sessions that are due to be extended.
struct Account {
    user: User,
    sessions: [String; 2],
    /// That of a link that sets another password.
    reset_token: String,
}

impl Stage {
    async fn new() -> Self {
        let world = World::new().await;
        let turns = Turns::default();
        let side = async |side: Side| {
            let http_client = turns.client(side, world.store.config().http_client().unwrap());
            let client = Client::from_conf(world.store.config().to_builder().http_client(http_client.clone()).build());
            (world.app_over(&http_client, &[]).await, client)
        };
        let sides = [side(0).await, side(1).await];
        let password_hash = password_hash_in(&world.row("Users", &demo_user()).await.unwrap());
        Self { world, password_hash, turns, sides, accounts: 0 }
    }

    /// Tries every order of two operations, each on an account of its own.
    async fn try_every_order(&mut self, asked: [Asked; 2]) {
        let allowed = allowed(asked);
        let mut orders = Orders::default();
        while orders.advance() {
            let account = self.account().await;
            let operations = [0, 1].map(|side| self.carry_out(side, asked[side], &account));
            let Some(answers) = self.turns.carry_out(&mut orders, operations).await else { continue };
            let statuses = [status(&answers[0]), status(&answers[1])];
            let state = self.observe(&account, asked, &answers).await;
            let calls: Vec<_> = orders.calls().iter().map(|call| format!("  {call}")).collect();
            let lines: Vec<_> = allowed.iter().map(|outcome| format!("  {outcome:?}")).collect();
            assert!(
                allowed.contains(&(statuses, state.clone())),
                "0: {:?}, 1: {:?}, in the order\n{}\nare answered with {statuses:?} and leave {state:?}.\nAllowed are\n{}",
                asked[0],
                asked[1],
                calls.join("\n"),
                lines.join("\n"),
            );
        }
        // Nobody else has lost anything.
        assert_eq!(self.world.send("auth-me/user").await.status, 200, "{asked:?}");
    }

    async fn account(&mut self) -> Account {
        self.accounts += 1;
        let id = |kind: u128| Uuid::from_u128(self.accounts << 8 | kind);
        let (store, now) = (&self.world.app.store, self.world.app.clock.now());
        let user = User {
            id: UserId(id(0)),
            email: format!("{}@example.com", self.accounts),
            name: String::new(),
            image: None,
            email_verified: false,
            is_contested: false,
            is_active: true,
            session_epoch: 0,
            created_at: now,
            updated_at: now,
        };
        let session = |kind| Session {
            user_id: user.id,
            id: SessionId(id(kind)),
            created_at: now.plus_seconds(-DAY),
            updated_at: now.plus_seconds(-DAY),
            expires_at: now.plus_seconds(6 * DAY),
            remember: true,
            epoch: 0,
            ip_address: String::new(),
            user_agent: String::new(),
        };
        let password = PasswordAccount { id: id(3), password_hash: self.password_hash.clone().into(), updated_at: now };
        store.create_account(&user, &password, Some(&session(1)), None).await.unwrap();
        store.create_session(&session(2)).await.unwrap();
        let sessions = [1, 2].map(|kind| {
            let principal = Principal { user_id: user.id, session_id: SessionId(id(kind)) };
            session_token::issue(&self.world.app.keys, &principal)
        });
        let keys = &self.world.app.keys;
        let reset_token = MailToken {
            purpose: Purpose::ResetPassword,
            user_id: user.id,
            expires_at: now.plus_seconds(Purpose::ResetPassword.seconds()),
            state: mail_token::State::of(&keys.current, &[user.email.clone(), now.millis().to_string()]),
            new_email: None,
        };
        Account { reset_token: reset_token.issue(keys), user, sessions }
    }

    /// Carries out an operation as one of the sides; an operator has no answer but that it is done.
    async fn carry_out(&self, side: Side, Asked { operation, by }: Asked, account: &Account) -> Option<Answer> {
        let (app, client) = &self.sides[side];
        let own = &account.sessions[by];
        let credentials = json!({"email": account.user.email, "password": demo::PASSWORD});
        let by_cookie = |name: &str| with_session_cookie(event(name), own);
        let change = |revoke: bool| {
            let body = json!({"currentPassword": demo::PASSWORD, "newPassword": new_password(side), "revokeOtherSessions": revoke});
            with_body(by_cookie("auth-change-password/changed"), &body)
        };
        let (function, event): (&str, Value) = match operation {
            Op::SignIn => ("auth-sign-in-email", with_body(event("auth-sign-in-email/signed-in"), &credentials)),
            Op::Login => ("auth-login", with_body(event("auth-login/logged-in"), &credentials)),
            Op::ChangePassword => ("auth-change-password", change(false)),
            Op::ChangePasswordAndRevoke => ("auth-change-password", change(true)),
            Op::RevokeOther => {
                let other = json!({"token": account.sessions[1 - by]});
                ("auth-revoke-session", with_body(by_cookie("auth-revoke-session/revoked"), &other))
            }
            Op::RevokeOthers => ("auth-revoke-other-sessions", by_cookie("auth-revoke-other-sessions/revoked")),
            Op::RevokeAll => ("auth-revoke-sessions", by_cookie("auth-revoke-sessions/revoked")),
            Op::SignOut => ("auth-sign-out", by_cookie("auth-sign-out/signed-out")),
            Op::Logout => ("auth-logout", with_bearer(event("auth-logout/logged-out"), own)),
            Op::Extend => ("auth-get-session", by_cookie("auth-get-session/session")),
            Op::DeleteUser => ("auth-delete-user", by_cookie("auth-delete-user/deleted")),
            Op::Reset => {
                let body = json!({"newPassword": new_password(side), "token": account.reset_token});
                ("auth-reset-password", with_body(event("auth-reset-password/reset"), &body))
            }
            Op::Disable => return disable(client, account).await,
            Op::DisableAndEnable => {
                disable(client, account).await;
                return enable(client, account).await;
            }
            Op::Delete => return delete(client, account).await,
        };
        Some(answer(app, function, event).await)
    }

    /// What has become of an account.
    async fn observe(&self, account: &Account, asked: [Asked; 2], answers: &[Option<Answer>; 2]) -> State {
        let world = &self.world;
        let user = world.row("Users", &[("user_id", text(account.user.id))]).await;
        let credential = world.row("Credentials", &[("email", text(&account.user.email))]).await;
        let password_hash = user.as_ref().map(password_hash_in);
        assert_eq!(password_hash, credential.as_ref().map(password_hash_in), "both copies of the hash are the same");
        let is_active = user.as_ref().is_some_and(|row| *row["is_active"].as_bool().unwrap());

        let begun = |side: Side| {
            let body = &answers[side].as_ref()?.json;
            body["token"].as_str().or(body["access_token"].as_str()).map(str::to_owned)
        };
        let tokens = [Some(account.sessions[0].clone()), Some(account.sessions[1].clone()), begun(0), begun(1)];
        let alive = async || {
            let mut alive = [false; 4];
            for (alive, token) in alive.iter_mut().zip(&tokens) {
                if let Some(token) = token {
                    let me = with_bearer(event("auth-me/user"), token);
                    *alive = world.send_event("auth-me", me).await.status == 200;
                }
            }
            alive
        };
        if user.is_some() && !is_active {
            assert_eq!(alive().await, [false; 4], "the account is disabled");
            enable(&world.store, account).await;
        }
        State {
            exists: user.is_some(),
            is_active,
            password: match &password_hash {
                Some(hash) => self.password_of(hash, asked).await,
                None => None,
            },
            alive: alive().await,
        }
    }

    /// Which side has set the password of a hash, if one has.
    async fn password_of(&self, hash: &str, asked: [Asked; 2]) -> Option<Side> {
        if hash == self.password_hash {
            return None;
        }
        let stored = hash.to_owned().into();
        let is_of = async |password: &str| {
            let verdict = self.world.app.passwords.verify(&Password::new(password), Some(&stored)).await.unwrap();
            !matches!(verdict, Verdict::Wrong)
        };
        for side in [0, 1] {
            let changes = [Op::ChangePassword, Op::ChangePasswordAndRevoke, Op::Reset].contains(&asked[side].operation);
            if changes && is_of(new_password(side)).await {
                return Some(side);
            }
        }
        assert!(is_of(demo::PASSWORD).await, "{hash} is of no password that anybody has set");
        None
    }
}

fn password_hash_in(row: &Item) -> String {
    row["password_hash"].as_s().unwrap().clone()
}

fn new_password(side: Side) -> &'static str {
    ["another horse battery staple", "a third horse battery staple"][side]
}

/// The status of an answer. `get-session` says that there is none with a body.
fn status(answer: &Option<Answer>) -> u16 {
    match answer {
        Some(answer) if answer.text == "null" => 401,
        Some(answer) => answer.status,
        None => 200,
    }
}

async fn disable(client: &Client, account: &Account) -> Option<Answer> {
    let update = client.update_item().table_name("Users").key("user_id", text(account.user.id));
    let update = update
        .update_expression("SET is_active = :no ADD session_epoch :one")
        .condition_expression("attribute_exists(user_id)")
        .expression_attribute_values(":no", AttributeValue::Bool(false))
        .expression_attribute_values(":one", number(1));
    unless_gone(update.send().await.map_err(|error| is_condition_failure(&error)))
}

async fn enable(client: &Client, account: &Account) -> Option<Answer> {
    let update = client.update_item().table_name("Users").key("user_id", text(account.user.id));
    let update = update
        .update_expression("SET is_active = :yes")
        .condition_expression("attribute_exists(user_id)")
        .expression_attribute_values(":yes", AttributeValue::Bool(true));
    unless_gone(update.send().await.map_err(|error| is_condition_failure(&error)))
}

/// What an operator changes is there, or the account is gone.
fn unless_gone<T>(changed: Result<T, bool>) -> Option<Answer> {
    assert!(!matches!(changed, Err(false)), "the store refuses it");
    None
}

async fn delete(client: &Client, account: &Account) -> Option<Answer> {
    let row = |table: &str, name: &str, value: AttributeValue| {
        let delete = Delete::builder().table_name(table).key(name, value).build().unwrap();
        TransactWriteItem::builder().delete(delete).build()
    };
    let user = row("Users", "user_id", text(account.user.id));
    let credential = row("Credentials", "email", text(&account.user.email));
    client.transact_write_items().transact_items(user).transact_items(credential).send().await.unwrap();
    None
}

/// An operation that no session asks for.
fn asked(operation: Op) -> Asked {
    Asked { operation, by: 0 }
}

/// An operation that a session asks for.
fn asked_by(by: usize, operation: Op) -> Asked {
    Asked { operation, by }
}

#[tokio::test]
async fn a_sign_in_that_overlaps_another_operation_came_before_it_or_after_it() {
    let mut stage = Stage::new().await;
    for other in OF_A_SESSION.into_iter().chain(OF_AN_OPERATOR).chain([Op::Login]) {
        stage.try_every_order([asked(Op::SignIn), asked(other)]).await;
    }
    // The other dialect signs in with the same function: these show that it does.
    for other in [Op::ChangePassword, Op::ChangePasswordAndRevoke, Op::Disable, Op::Delete] {
        stage.try_every_order([asked(Op::Login), asked(other)]).await;
    }
}

#[tokio::test]
async fn a_change_of_password_that_overlaps_another_operation_came_before_it_or_after_it() {
    let mut stage = Stage::new().await;
    for (index, change) in [Op::ChangePassword, Op::ChangePasswordAndRevoke].into_iter().enumerate() {
        for &other in &OF_A_SESSION[index..] {
            stage.try_every_order([asked_by(0, change), asked_by(0, other)]).await;
            stage.try_every_order([asked_by(0, change), asked_by(1, other)]).await;
        }
        for other in OF_AN_OPERATOR {
            stage.try_every_order([asked_by(0, change), asked(other)]).await;
        }
    }
}

#[tokio::test]
async fn what_ends_sessions_ends_those_that_it_should_whatever_overlaps_it() {
    let mut stage = Stage::new().await;
    let ending = &OF_A_SESSION[2..];
    for (index, operation) in ending.iter().enumerate() {
        for other in &ending[index..] {
            stage.try_every_order([asked_by(0, *operation), asked_by(0, *other)]).await;
            stage.try_every_order([asked_by(0, *operation), asked_by(1, *other)]).await;
        }
        for other in OF_AN_OPERATOR {
            stage.try_every_order([asked_by(0, *operation), asked(other)]).await;
        }
    }
}

#[tokio::test]
#[ignore = "it takes a while: `.ci/run` runs it"]
async fn a_hash_that_is_made_anew_takes_no_change_of_password_back() {
    let mut stage = Stage::new().await;
    OLDER_HASH.clone_into(&mut stage.password_hash);
    stage.try_every_order([asked(Op::SignIn), asked(Op::ChangePassword)]).await;
    // Nor does it use up a link in a mail.
    stage.try_every_order([asked(Op::SignIn), asked(Op::Reset)]).await;
}

#[tokio::test]
async fn a_reset_that_overlaps_another_operation_came_before_it_or_after_it() {
    let mut stage = Stage::new().await;
    for other in OF_A_SESSION.into_iter().chain(OF_AN_OPERATOR).chain([Op::SignIn, Op::Login, Op::Reset]) {
        stage.try_every_order([asked(Op::Reset), asked(other)]).await;
    }
}
