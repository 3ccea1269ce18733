//! The demo account: somebody to sign in as, with a session that every event under `events/` carries.
//!
//! Its ids are fixed, so that with the secret of `infra/local.env` its session token is always the same.

use shared::{
    App, Error,
    domain::{
        Description, DueDate, Invalid, NewPassword, NewTask, PasswordAccount, Priority, Session, SessionId, TaskId,
        Timestamp, Title, User, UserId,
    },
    identity::{Principal, session_token},
    ownership::Owner,
    random::Random,
};
use uuid::Uuid;

/// The address to sign in with.
pub const EMAIL: &str = "demo@example.com";
/// The password to sign in with.
pub const PASSWORD: &str = "correct horse battery staple";

/// The account and its session.
pub const PRINCIPAL: Principal = Principal {
    user_id: UserId(Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0001)),
    session_id: SessionId(Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0002)),
};

const ACCOUNT_ID: Uuid = Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0003);

/// When the demo task was made: 2026-01-01T00:00:00Z.
const TASK_CREATED_AT: Timestamp = Timestamp::from_seconds(1_767_225_600);

const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The bearer token of the demo session.
pub fn session_token(app: &App) -> String {
    session_token::issue(&app.keys, &PRINCIPAL)
}

/// The id of the account's first task.
pub fn task_id() -> TaskId {
    TaskId::at(TASK_CREATED_AT, 0)
}

/// Makes the account with a first task, unless it is there, and begins its session anew.
///
/// # Errors
/// Those of the store.
pub async fn seed(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let password = NewPassword::parse(PASSWORD).map_err(|error| Error::internal(error.to_string()))?;
    let user = User {
        id: PRINCIPAL.user_id,
        email: EMAIL.to_owned(),
        name: "Demo".to_owned(),
        image: None,
        email_verified: false,
        is_contested: false,
        is_active: true,
        session_epoch: 0,
        created_at: now,
        updated_at: now,
    };
    let session = Session {
        user_id: user.id,
        id: PRINCIPAL.session_id,
        created_at: now,
        updated_at: now,
        expires_at: now.plus_seconds(SESSION_SECONDS),
        remember: true,
        epoch: 0,
        ip_address: String::new(),
        user_agent: "the local stack".to_owned(),
    };
    if let Some((existing, _)) = app.store.user_with_account(user.id).await? {
        return app.store.create_session(&Session { epoch: existing.session_epoch, ..session }).await;
    }
    let password_hash = app.passwords.hash(password.as_password()).await?;
    let account = PasswordAccount { id: ACCOUNT_ID, password_hash, updated_at: now };
    app.store.create_account(&user, &account, Some(&session), None).await?;
    create_task(app).await
}

/// Makes the demo task, at a fixed time and without randomness, so that its id is [`task_id`].
async fn create_task(app: &App) -> Result<(), Error> {
    let invalid = |error: Invalid| Error::internal(error.to_string());
    let task = NewTask {
        title: Title::parse("Try the API").map_err(invalid)?,
        description: Some(Description::parse("The README has the commands.").map_err(invalid)?),
        priority: Priority::High,
        due_date: Some(DueDate::parse("2026-02-01T08:30:00Z").map_err(invalid)?),
    };
    let zeros = Random::from_fn(|bytes| {
        bytes.fill(0);
        Ok(())
    });
    let owner = Owner::of(PRINCIPAL, &PRINCIPAL.user_id.to_string())?;
    let owner = app.store.check_alive(owner, app.clock.now()).await?;
    app.store.create_task(&owner, &task, None, TASK_CREATED_AT, &zeros).await.map(drop)
}
