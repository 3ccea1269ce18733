//! The dialect of the official Better Auth client: its bodies, its words for what is wrong, its JSON.

mod body;
mod login_origin;
mod payload;
mod redirect_target;
mod refusals;
mod shapes;

pub(super) use body::{check_redirects, read as read_body};
pub use body::{is_truthy, redirect_refusals};
pub use login_origin::{CROSS_SITE_NAVIGATION, check_login_origin};
pub use payload::Payload;
pub(super) use refusals::render;
pub use refusals::{ErrorJson, INVALID_EMAIL, SESSION_NOT_FRESH};
pub use shapes::UserJson;
