//! What signing up and logging in answer.

use serde::Serialize;
use shared::{
    App, Error,
    domain::{Email, Session, User, UserId},
    http::Request,
    identity::access_token,
};
use utoipa::ToSchema;

/// A bearer token and whose it is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenResponse {
    /// Null for somebody who has to verify their address first.
    #[schema(required)]
    access_token: Option<String>,
    #[schema(pattern = "^bearer$")]
    token_type: &'static str,
    user: UserResponse,
}

/// A user, as the plain dialect shows them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserResponse {
    id: UserId,
    #[schema(value_type = Email)]
    email: String,
    name: String,
}

impl TokenResponse {
    /// Signs an access token for a session.
    pub(super) fn issue(app: &App, request: &Request, user: User, session: &Session) -> Result<Self, Error> {
        Ok(Self {
            access_token: Some(access_token::issue(&app.keys, &user, session, &request.own_origin)?),
            token_type: "bearer",
            user: user.into(),
        })
    }

    /// Of somebody who has to prove their address before they sign in.
    pub(super) fn without_token(user: User) -> Self {
        Self { access_token: None, token_type: "bearer", user: user.into() }
    }
}

impl From<User> for UserResponse {
    fn from(user: User) -> Self {
        Self { id: user.id, email: user.email, name: user.name }
    }
}
