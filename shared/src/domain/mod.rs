//! The values of the product: types that can only hold what is valid, parsed once at the edge.

mod account;
mod due_date;
mod email;
mod id;
mod idempotency_key;
mod invalid;
mod letter;
mod origin;
mod password;
mod precondition;
mod schema;
mod search_text;
mod session;
mod task;
mod task_query;
mod text;
mod timestamp;
mod user;

pub use account::{EmailCredential, PasswordAccount};
pub use due_date::DueDate;
pub use email::Email;
pub use id::{SessionId, TaskId, UserId};
pub use idempotency_key::IdempotencyKey;
pub use invalid::Invalid;
pub use letter::{Letter, Occasion};
pub use origin::Origin;
pub use password::{Length as PasswordLength, NewPassword, Password};
pub use precondition::{Preconditions, Unmet, Versions};
pub use schema::WITHOUT_CONTROL_CHARACTERS;
pub use search_text::SearchText;
pub use session::Session;
pub use task::{NewTask, Priority, Task, TaskChange, TaskWrite, WriteResult};
pub use task_query::{Direction, Position, Sort, Status, TaskPage, TaskQuery};
pub use text::{Description, Name, Title, has_control_characters};
pub use timestamp::Timestamp;
pub use user::User;
