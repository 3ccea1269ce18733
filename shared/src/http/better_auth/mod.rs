//! The dialect of the official Better Auth client: its bodies, its words for what is wrong, its JSON.

mod body;
mod callback;
mod login_origin;
mod payload;
mod redirect_target;
mod refusals;
mod shapes;

pub use body::is_truthy;
pub(super) use body::{check_redirects, read as read_body};
pub use callback::{Callback, error_page, redirect_to_callback};
pub use login_origin::check_login_origin;
pub use payload::Payload;
pub use redirect_target::is_trusted_redirect;
pub(super) use refusals::render;
pub use refusals::{INVALID_EMAIL, INVALID_TOKEN};
pub use shapes::UserJson;
