use lambda_http::http::{StatusCode, header};

use crate::{
    Error,
    domain::Origin,
    error::BetterAuthRefusal,
    http::{
        Request,
        origin::{SEC_FETCH_DEST, SEC_FETCH_MODE, SEC_FETCH_SITE, check_page},
    },
};

/// A sign-in that another site's page navigated to.
pub const CROSS_SITE_NAVIGATION: BetterAuthRefusal = BetterAuthRefusal {
    status: StatusCode::FORBIDDEN,
    code: Some("CROSS_SITE_NAVIGATION_LOGIN_BLOCKED"),
    message: "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
};

/// Refuses a sign-in or sign-up that another site's page sends, so that nobody is signed in to an account of an
/// attacker's choice. With a cookie, [`origin::check`](crate::http::origin::check) has looked already. Programs that are no
/// browsers send neither `Sec-Fetch-…` nor `Origin` and pass.
///
/// # Errors
/// That another site navigated here, [`Error::OriginMissing`] or [`Error::OriginUntrusted`].
pub fn check_login_origin(request: &Request, trusted: &[Origin]) -> Result<(), Error> {
    if request.has_cookies() {
        return Ok(());
    }
    let [site, mode, dest] = [SEC_FETCH_SITE, SEC_FETCH_MODE, SEC_FETCH_DEST].map(|name| request.header(name));
    if site == Some("cross-site") && mode == Some("navigate") {
        return Err(Error::from(&CROSS_SITE_NAVIGATION));
    }
    let is_browser = site.or(mode).or(dest).is_some();
    let names_page = request.header(header::ORIGIN).or(request.header(header::REFERER)).is_some();
    if is_browser || names_page { check_page(request, trusted) } else { Ok(()) }
}
