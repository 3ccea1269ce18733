use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Timestamp;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// A user's id: a random UUID, shown in lower-case hyphenated form.
    UserId
}

uuid_id! {
    /// A session's id, unique for its user: a random UUID.
    SessionId
}

/// A task's id: a number that sorts by the time the task was made.
///
/// The high 41 bits are milliseconds since 2024-01-01 UTC (enough until 2093), the low 12 bits are random: 53 bits in
/// all, so that a JavaScript number holds every id exactly. There is no counter, hence no item that every create
/// would have to write; two tasks of one user made in the same millisecond collide once in 4096 and are then tried
/// again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(u64);

impl TaskId {
    /// The largest id: `Number.MAX_SAFE_INTEGER`.
    pub const MAX: u64 = (1 << 53) - 1;
    const RANDOM_BITS: u32 = 12;
    /// 2024-01-01T00:00:00Z in milliseconds since 1970.
    const EPOCH_MILLIS: i64 = 1_704_067_200_000;

    /// The id of a task made at `now`; of `random` the low 12 bits count.
    pub fn at(now: Timestamp, random: u16) -> Self {
        let since_epoch = u64::try_from(now.millis().saturating_sub(Self::EPOCH_MILLIS)).unwrap_or(0);
        let random = u64::from(random) & ((1 << Self::RANDOM_BITS) - 1);
        Self(((since_epoch << Self::RANDOM_BITS) | random) & Self::MAX)
    }

    /// The id written as `text` in a path: plain decimal digits without a sign or leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let id: u64 = text.parse().ok()?;
        (id <= Self::MAX && id.to_string() == text).then_some(Self(id))
    }

    /// The number itself.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// When the task was made: the id says so, hence no row stores it twice.
    pub fn created_at(self) -> Timestamp {
        let since_epoch = i64::try_from(self.0 >> Self::RANDOM_BITS).unwrap_or(i64::MAX);
        Timestamp::from_millis(Self::EPOCH_MILLIS.saturating_add(since_epoch))
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn task_ids_sort_by_time_and_fit_a_javascript_number(
            earlier in 1_704_067_200_000_i64..3_900_000_000_000,
            step in 1_i64..1_000_000,
            a: u16,
            b: u16,
        ) {
            let first = TaskId::at(Timestamp::from_millis(earlier), a);
            let second = TaskId::at(Timestamp::from_millis(earlier + step), b);
            prop_assert!(first < second);
            prop_assert!(second.get() <= TaskId::MAX);
            prop_assert_eq!(first.created_at(), Timestamp::from_millis(earlier));
        }

        #[test]
        fn task_id_text_has_one_form(text in "\\PC{0,24}") {
            if let Some(id) = TaskId::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn refuses_other_spellings_of_a_number() {
        for text in ["", "-1", "+1", "01", "1.0", "1e3", " 1", "9007199254740992", "99999999999999999999"] {
            assert_eq!(TaskId::parse(text), None, "{text:?}");
        }
        assert_eq!(TaskId::parse("9007199254740991").map(TaskId::get), Some(TaskId::MAX));
        assert_eq!(TaskId::parse("0").map(TaskId::get), Some(0));
    }
}
