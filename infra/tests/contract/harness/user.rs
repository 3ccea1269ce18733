//! Users of the API.

use serde_json::Value;
use tokio::sync::OnceCell;

use super::Client;

/// The password of every user that does not test passwords. No answer may ever contain it.
pub const PASSWORD: &str = "correct horse battery staple";

#[derive(Clone, Debug)]
pub struct User {
    pub id: String,
    pub email: String,
    pub token: String,
}

impl User {
    /// From a TokenResponse.
    pub fn from_answer(body: &Value) -> User {
        let text = |pointer: &str| {
            body.pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_else(|| panic!("a TokenResponse has a string at {pointer}: {body}"))
                .to_owned()
        };
        User { id: text("/user/id"), email: text("/user/email"), token: text("/access_token") }
    }

    pub fn tasks(&self) -> String {
        format!("/api/{}/tasks", self.id)
    }

    pub fn task(&self, id: &Value) -> String {
        format!("/api/{}/tasks/{id}", self.id)
    }

    pub fn complete(&self, id: &Value) -> String {
        format!("/api/{}/tasks/{id}/complete", self.id)
    }
}

/// Two users for tests that neither sign out nor count tasks: a sign-up costs a password hash.
pub async fn shared_pair(client: &Client) -> &'static (User, User) {
    static PAIR: OnceCell<(User, User)> = OnceCell::const_new();
    PAIR.get_or_init(|| async { (client.sign_up().await, client.sign_up().await) }).await
}

pub async fn shared_user(client: &Client) -> &'static User {
    &shared_pair(client).await.0
}
