//! `$default`: what no route takes. It says so in the dialect of the path.

use lambda_http::http::{Method, StatusCode, header};
use shared::{
    App, Error,
    http::{Dialect, Request, Response},
};

use crate::{Class, Endpoint, ROUTED, better_auth::session::get_session::POST_GET_SESSION};

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    name: "fallback",
    method: "ANY",
    path: "$default",
    dialect: Dialect::Unrouted,
    class: Class::Standard,
    limit: None,
    handle: |app, request| Box::pin(handle(app, request)),
};

const BETTER_AUTH: Dialect = Dialect::BetterAuth { accepts_forms: false };

/// The most bytes of a path and query that a redirect repeats, in a header that the gateway has to pass.
const MAX_REDIRECT_BYTES: usize = 8000;

/// A route: its method, its path and whether it speaks the plain dialect.
type Route = (&'static str, &'static str, bool);

/// The routes of all endpoints, without what serves them: their code stays out of this function.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses what is out of bounds")]
const ROUTES: [Route; ROUTED.len()] = {
    let mut routes = [("", "", false); ROUTED.len()];
    let mut i = 0;
    while i < ROUTED.len() {
        let endpoint = &ROUTED[i];
        routes[i] = (endpoint.method, endpoint.path, matches!(endpoint.dialect, Dialect::Plain));
        i += 1;
    }
    routes
};

#[expect(clippy::unused_async, reason = "the form of every endpoint")]
async fn handle(_app: &App, request: &Request) -> Result<Response, Error> {
    let path = request.path.as_str();
    let mut plain_methods = plain_methods(path);
    if path == "/api/auth/get-session" && request.method == Method::POST {
        let refused = BETTER_AUTH.render(&Error::from(&POST_GET_SESSION), request);
        return Ok(refused.with_static_header(header::PRAGMA, "no-cache"));
    }
    if !plain_methods.is_empty() {
        plain_methods.sort_unstable();
        return Err(Error::MethodNotAllowed(plain_methods.join(", ")));
    }
    if let Some(redirect) = without_trailing_slash(request) {
        return Ok(redirect);
    }
    if path == "/api/auth" || path.starts_with("/api/auth/") {
        return Ok(Response::new(StatusCode::NOT_FOUND));
    }
    Err(Error::RouteNotFound)
}

/// The methods of the routes that have this path, if one of them speaks the plain dialect.
fn plain_methods(path: &str) -> Vec<&'static str> {
    let routes = || ROUTES.iter().filter(|(_, template, _)| matches_template(template, path));
    if routes().any(|(.., is_plain)| *is_plain) { routes().map(|(method, ..)| *method).collect() } else { Vec::new() }
}

/// To a path of the plain dialect with a slash too many: the way to the one without, for the same method and body.
fn without_trailing_slash(request: &Request) -> Option<Response> {
    let path = request.path.trim_end_matches('/');
    if path == request.path || plain_methods(path).is_empty() {
        return None;
    }
    let url = match request.raw_query() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    };
    (url.len() <= MAX_REDIRECT_BYTES).then(|| Response::new(StatusCode::TEMPORARY_REDIRECT).with_location(&url))
}

/// Whether a path is one of a template such as `/api/{user_id}/tasks`.
fn matches_template(template: &str, path: &str) -> bool {
    let (mut expected, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), segments.next()) {
            (None, None) => return true,
            (Some(parameter), Some(segment)) if parameter.starts_with('{') => {
                if segment.is_empty() {
                    return false;
                }
            }
            (Some(expected), Some(segment)) if expected == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_match_segment_by_segment() {
        for (path, expected) in [
            ("/api/u/tasks", true),
            ("/api/u/tasks/", false),
            ("/api//tasks", false),
            ("/api/u", false),
            ("/api/u/tasks/1", false),
        ] {
            assert_eq!(matches_template("/api/{user_id}/tasks", path), expected, "{path}");
        }
    }
}
