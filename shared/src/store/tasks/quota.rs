//! At most so many tasks of one user, counted without an item that every write would have to change.
//!
//! One in [`COUNTED_ONE_IN`] new tasks has those of its user counted, by the index of the table alone. Who has as many as they may is
//! marked, and the mark is read with the session: while it is fresh, nothing more is made or counted. Until somebody is found out they
//! may have as many more as are made between two counts, so a limit of thousands is exceeded by a few dozens.

use aws_sdk_dynamodb::types::Select;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::{
    Error,
    domain::{IdempotencyKey, NewTask, Timestamp, UserId, WriteResult},
    dynamodb::{Item, Read, from_item, store_error, string, to_item},
    identity::Alive,
    ownership::Owner,
    random::Random,
    store::{Store, idempotency::Request},
    telemetry,
};

/// How many tasks are made between two counts, on average.
const COUNTED_ONE_IN: u8 = 64;
/// How long a mark is believed, in seconds: so long may somebody have to wait who has deleted tasks.
const FRESH_SECONDS: i64 = 60;
/// How long a mark stays, in seconds.
const MARK_SECONDS: i64 = 24 * 60 * 60;
/// The mark's place among the user's idempotency keys, which have no blanks.
const MARK: &str = "task limit";

/// That a user has as many tasks as they may.
#[derive(Serialize, Deserialize)]
struct Mark {
    user_id: UserId,
    idempotency_key: String,
    counted_at: Timestamp,
    /// In seconds, because that is what DynamoDB's time to live reads.
    expires_at: i64,
}

/// How many tasks a user may have, and what is known of how many they have.
#[derive(Debug)]
pub struct Room {
    most: Option<usize>,
    full_at: Option<Timestamp>,
}

impl Store {
    /// Makes sure that the session of an owner is alive, who is about to make one of `most` tasks, if there is a most: one round trip.
    ///
    /// # Errors
    /// As [`Store::check_alive`].
    pub async fn check_alive_with_room(
        &self,
        owner: Owner,
        most: Option<usize>,
        now: Timestamp,
    ) -> Result<(Alive<Owner>, Room), Error> {
        let mark = Read { table: &self.tables.idempotency, key: mark_key(owner.user_id()), attributes: None };
        let (owner, mut rows) = self.read_while_alive(owner, now, most.map(|_| mark)).await?;
        let mark: Option<Mark> = rows.remove(&self.tables.idempotency).map(from_item).transpose()?;
        Ok((owner, Room { most, full_at: mark.map(|mark| mark.counted_at) }))
    }

    /// Makes a task of an owner who has room for it, as [`Store::create_task`] does.
    ///
    /// # Errors
    /// [`Error::TooManyTasks`], or those of [`Store::create_task`].
    pub async fn create_task_in_room(
        &self,
        (owner, room): (&Alive<Owner>, &Room),
        task: &NewTask,
        key: Option<&IdempotencyKey>,
        now: Timestamp,
        random: &Random,
    ) -> Result<WriteResult, Error> {
        if !self.is_full(owner.user_id(), room, now, random).await? {
            return self.create_task(owner, task, key, now, random).await;
        }
        // Who repeats a request is answered as the first time.
        let Some(key) = key else { return Err(Error::TooManyTasks) };
        self.find_answer(owner.user_id(), key, &Request::Create(task), now).await?.ok_or(Error::TooManyTasks)
    }

    /// Whether a user is known to have as many tasks as they may, or is found to. That nobody can count, or not in a quarter of the
    /// time that a call may take, is no reason to refuse any.
    async fn is_full(&self, user_id: UserId, room: &Room, now: Timestamp, random: &Random) -> Result<bool, Error> {
        let Some(most) = room.most else { return Ok(false) };
        let [drawn] = random.bytes()?;
        match room.full_at {
            Some(full_at) if now < full_at.plus_seconds(FRESH_SECONDS) => Ok(true),
            None if drawn % COUNTED_ONE_IN != 0 => Ok(false),
            marked => {
                let counted =
                    timeout(self.dynamodb.call_time() / 4, self.count_and_mark(user_id, most, marked.is_some(), now));
                let is_full = counted.await.unwrap_or_else(|_| Err(Error::unavailable("counting took too long")));
                Ok(is_full.unwrap_or_else(|error| {
                    telemetry::log_postponed("counting tasks", &error);
                    false
                }))
            }
        }
    }

    async fn count_and_mark(
        &self,
        user_id: UserId,
        most: usize,
        is_marked: bool,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let is_full = self.has_tasks(user_id, most).await?;
        if is_full {
            let expires_at = now.plus_seconds(MARK_SECONDS).seconds();
            let mark = Mark { user_id, idempotency_key: MARK.to_owned(), counted_at: now, expires_at };
            let put = self.client().put_item().table_name(&self.tables.idempotency).set_item(Some(to_item(&mark)?));
            put.send().await.map_err(store_error)?;
        } else if is_marked {
            let delete = self.client().delete_item().table_name(&self.tables.idempotency);
            delete.set_key(Some(mark_key(user_id))).send().await.map_err(store_error)?;
        }
        Ok(is_full)
    }

    /// Whether a user has so many tasks. It goes over as many pages as that takes, and each reads up to 1 MB.
    async fn has_tasks(&self, user_id: UserId, most: usize) -> Result<bool, Error> {
        let mut count = 0_usize;
        let mut start = None;
        loop {
            let left = i32::try_from(most.saturating_sub(count)).unwrap_or(i32::MAX);
            let page = self
                .client()
                .query()
                .table_name(&self.tables.tasks)
                .key_condition_expression("user_id = :user_id")
                .expression_attribute_values(":user_id", string(user_id))
                .select(Select::Count)
                .limit(left)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(store_error)?;
            count = count.saturating_add(usize::try_from(page.count).unwrap_or_default());
            start = page.last_evaluated_key;
            if count >= most || start.is_none() {
                return Ok(count >= most);
            }
        }
    }
}

fn mark_key(user_id: UserId) -> Item {
    Item::from([("user_id".to_owned(), string(user_id)), ("idempotency_key".to_owned(), string(MARK))])
}
