//! Sessions that are begun in the Better Auth dialect.

use serde_json::json;

use super::{Answer, Client, PASSWORD, User, trusted_origin};

/// The session cookie that an answer sets, as `name=value`.
pub fn session_cookie(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let mut pairs = cookies.filter_map(|cookie| cookie.to_str().unwrap().split(';').next());
    pairs.find(|pair| pair.contains("better-auth.session_token=")).map(str::to_owned)
}

/// What one sign-in in the Better Auth dialect gives.
pub struct Session {
    pub user: User,
    /// `name=value`, as a browser sends it back.
    pub cookie: String,
    /// The token in the body.
    pub session_token: String,
    /// The token in `set-auth-token`, with its signature.
    pub signed_token: String,
    /// From GET /api/auth/token.
    pub jwt: String,
}

impl Session {
    pub async fn open(client: &Client) -> Session {
        let user = client.sign_up().await;
        let call = client.post("/api/auth/sign-in/email").header("origin", &trusted_origin());
        let answer = call.json(&json!({"email": user.email, "password": PASSWORD})).send_to_gateway().await;
        let body = answer.expect(200).json();
        assert_eq!(body["user"]["id"], json!(user.id), "one user in both dialects");
        let session_token = body["token"].as_str().unwrap().to_owned();
        let cookie = session_cookie(&answer).expect("a session cookie");
        let signed_token = answer.header("set-auth-token").expect("set-auth-token").to_owned();
        let answer = client.get("/api/auth/token").token(&session_token).send_to_gateway().await;
        let jwt = answer.expect(200).json()["token"].as_str().unwrap().to_owned();
        Session { user, cookie, session_token, signed_token, jwt }
    }
}
