//! The dialect of the official Better Auth client: its bodies, its words for what is wrong, its JSON.

mod body;
mod callback;
mod login_origin;
mod payload;
mod redirect_target;
mod refusals;
mod shapes;

pub(super) use body::{check_redirects, read as read_body};
pub use body::{is_truthy, redirect_refusals};
pub use callback::{Callback, INVALID_CALLBACK_URL, error_page, redirect_to_absolute_callback, redirect_to_callback};
pub use login_origin::{CROSS_SITE_NAVIGATION, check_login_origin};
pub use payload::{Payload, REDIRECT_BYTES};
pub use redirect_target::is_trusted_redirect;
pub(super) use refusals::render;
pub use refusals::{ErrorJson, INVALID_EMAIL, INVALID_TOKEN};
pub use shapes::UserJson;
