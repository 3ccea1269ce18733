//! What each event of `events/` is answered with.
//!
//! A file per function, a row per event. An event that no row names fails a test, and so does a function without rows.

use crate::case::Case;

mod auth_login;
mod auth_logout;
mod auth_me;
mod auth_signup;
mod tasks_complete;
mod tasks_create;
mod tasks_delete;
mod tasks_get;
mod tasks_list;
mod tasks_update;

/// The cases of every function.
pub fn all() -> Vec<(&'static str, Vec<Case>)> {
    vec![
        ("auth-login", auth_login::cases()),
        ("auth-logout", auth_logout::cases()),
        ("auth-me", auth_me::cases()),
        ("auth-signup", auth_signup::cases()),
        ("tasks-complete", tasks_complete::cases()),
        ("tasks-create", tasks_create::cases()),
        ("tasks-delete", tasks_delete::cases()),
        ("tasks-get", tasks_get::cases()),
        ("tasks-list", tasks_list::cases()),
        ("tasks-update", tasks_update::cases()),
    ]
}
