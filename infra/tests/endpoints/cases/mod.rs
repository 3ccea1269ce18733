//! What each event of `events/` is answered with.
//!
//! A file per function, a row per request: an event as it is, or what is changed of it, under a name of its own. An event that no
//! row sends as it is fails a test, and so does a function without rows.

use crate::{
    case::{Case, Cookies, Given, on},
    tokens,
};

mod api_docs;
mod api_openapi;
mod auth_change_email;
mod auth_change_password;
mod auth_delete_user;
mod auth_error;
mod auth_export;
mod auth_follow_deletion_link;
mod auth_follow_reset_link;
mod auth_forgot_password;
mod auth_get_session;
mod auth_jwks;
mod auth_list_accounts;
mod auth_list_sessions;
mod auth_login;
mod auth_logout;
mod auth_me;
mod auth_ok;
mod auth_request_password_reset;
mod auth_reset_password;
mod auth_revoke_other_sessions;
mod auth_revoke_session;
mod auth_revoke_sessions;
mod auth_send_verification_email;
mod auth_sign_in_email;
mod auth_sign_out;
mod auth_sign_up_email;
mod auth_signup;
mod auth_token;
mod auth_update_session;
mod auth_update_user;
mod auth_verify_email;
mod auth_verify_email_code;
mod auth_verify_password;
mod fallback;
mod tasks_complete;
mod tasks_create;
mod tasks_delete;
mod tasks_get;
mod tasks_list;
mod tasks_update;

/// The cases of every function.
pub fn all() -> Vec<(&'static str, Vec<Case>)> {
    vec![
        ("api-docs", api_docs::cases()),
        ("api-openapi", api_openapi::cases()),
        ("auth-change-email", auth_change_email::cases()),
        ("auth-change-password", auth_change_password::cases()),
        ("auth-delete-user", auth_delete_user::cases()),
        ("auth-error", auth_error::cases()),
        ("auth-export", auth_export::cases()),
        ("auth-follow-deletion-link", auth_follow_deletion_link::cases()),
        ("auth-follow-reset-link", auth_follow_reset_link::cases()),
        ("auth-forgot-password", auth_forgot_password::cases()),
        ("auth-get-session", auth_get_session::cases()),
        ("auth-jwks", auth_jwks::cases()),
        ("auth-list-accounts", auth_list_accounts::cases()),
        ("auth-list-sessions", auth_list_sessions::cases()),
        ("auth-login", auth_login::cases()),
        ("auth-logout", auth_logout::cases()),
        ("auth-me", auth_me::cases()),
        ("auth-ok", auth_ok::cases()),
        ("auth-request-password-reset", auth_request_password_reset::cases()),
        ("auth-reset-password", auth_reset_password::cases()),
        ("auth-revoke-other-sessions", auth_revoke_other_sessions::cases()),
        ("auth-revoke-session", auth_revoke_session::cases()),
        ("auth-revoke-sessions", auth_revoke_sessions::cases()),
        ("auth-send-verification-email", auth_send_verification_email::cases()),
        ("auth-sign-in-email", auth_sign_in_email::cases()),
        ("auth-sign-out", auth_sign_out::cases()),
        ("auth-sign-up-email", auth_sign_up_email::cases()),
        ("auth-signup", auth_signup::cases()),
        ("auth-token", auth_token::cases()),
        ("auth-update-session", auth_update_session::cases()),
        ("auth-update-user", auth_update_user::cases()),
        ("auth-verify-email", auth_verify_email::cases()),
        ("auth-verify-email-code", auth_verify_email_code::cases()),
        ("auth-verify-password", auth_verify_password::cases()),
        ("fallback", fallback::cases()),
        ("tasks-complete", tasks_complete::cases()),
        ("tasks-create", tasks_create::cases()),
        ("tasks-delete", tasks_delete::cases()),
        ("tasks-get", tasks_get::cases()),
        ("tasks-list", tasks_list::cases()),
        ("tasks-update", tasks_update::cases()),
    ]
}

/// The cases of every route for those who are signed in, which answers the event `success` with a success.
fn signed_in_only(success: &'static str) -> Vec<Case> {
    let refused = |case: Case| case.refused(401, "UNAUTHORIZED").says("Unauthorized");
    // The browser need not send the cookie of a session that has ended any more.
    let ended = |given| refused(on(success)).given(given).cookies(Cookies::Cleared);
    vec![
        refused(on(success).named("no-session").without_cookies()),
        refused(on(success).named("forged-cookie").with_session_cookie(tokens::forged())),
        refused(on(success).named("ended-session").with_session_cookie(tokens::other_session()))
            .cookies(Cookies::Cleared),
        ended(Given::Revoked),
        ended(Given::Disabled),
        ended(Given::AccountGone),
        ended(Given::After("auth-sign-out/signed-out")),
    ]
}

/// A bearer token that is none of ours counts as one that has ended, and more than the good cookie beside it.
fn unknown_bearer(success: &'static str) -> Case {
    on(success)
        .named("unknown-bearer")
        .with_bearer("x".repeat(40))
        .refused(401, "UNAUTHORIZED")
        .says("Unauthorized")
        .cookies(Cookies::Cleared)
        .afterwards("auth-me/user", 200)
}

/// A page of another site gets nothing done with the browser's cookie.
fn untrusted_origin(success: &'static str) -> Case {
    on(success)
        .named("untrusted-origin")
        .with_header("origin", "https://evil.example")
        .refused(403, "INVALID_ORIGIN")
        .says("Invalid origin")
        .afterwards("auth-me/user", 200)
}

/// The same in the plain dialect, whose events have a bearer token.
fn untrusted_page(success: &'static str) -> Case {
    on(success)
        .named("untrusted-origin")
        .without_header("authorization")
        .with_session_cookie(tokens::demo())
        .with_header("origin", "https://evil.example")
        .refused(403, "untrusted_origin")
}
