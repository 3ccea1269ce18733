//! Which route a request takes, as API Gateway decides it.
//!
//! The most specific route wins: a fixed segment before a parameter, a parameter before a greedy one, a method before
//! `ANY`, any route before `$default`. A path that matches with no route's method is as unknown as one that does not.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::template::{ANY, DEFAULT};

/// The routes of an API, each with what serves it.
#[derive(Debug)]
pub struct Routes<T> {
    paths: matchit::Router<HashMap<String, T>>,
    default: Option<T>,
}

/// A route that was taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Match<'a, T> {
    /// What serves it.
    pub target: &'a T,
    /// The path's parameters, decoded.
    pub parameters: HashMap<String, String>,
}

impl<T> Routes<T> {
    /// Builds the routes of methods, paths in the template's notation, and targets.
    ///
    /// # Errors
    /// The first path that contradicts another.
    pub fn new<'a>(routes: impl Iterator<Item = (&'a str, &'a str, T)>) -> Result<Self, matchit::InsertError> {
        let mut by_path: HashMap<&str, HashMap<String, T>> = HashMap::new();
        let mut default = None;
        for (method, path, target) in routes {
            if path == DEFAULT {
                default = Some(target);
                continue;
            }
            by_path.entry(path).or_default().insert(method.to_owned(), target);
        }
        let mut paths = matchit::Router::new();
        for (path, methods) in by_path {
            // `{proxy+}` is what the gateway calls `{*proxy}`.
            let path = if path.ends_with("+}") { path.replace('{', "{*").replace("+}", "}") } else { path.to_owned() };
            paths.insert(path, methods)?;
        }
        Ok(Self { paths, default })
    }

    /// The route of a request.
    pub fn find(&self, method: &str, path: &str) -> Option<Match<'_, T>> {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        // An empty segment is no value of a parameter.
        let found = self.paths.at(path).ok().filter(|found| found.params.iter().all(|(_, value)| !value.is_empty()));
        let taken = found.and_then(|found| {
            let target = found.value.get(method).or_else(|| found.value.get(ANY))?;
            let parameters = found.params.iter().map(|(name, value)| (name.to_owned(), decode(value))).collect();
            Some(Match { target, parameters })
        });
        taken.or_else(|| self.default.as_ref().map(|target| Match { target, parameters: HashMap::new() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes<u8> {
        Routes::new(
            [
                ("GET", "/api/{user_id}/tasks", 1),
                ("POST", "/api/{user_id}/tasks", 2),
                ("GET", "/api/auth/me", 3),
                ("GET", "/api/{user_id}/tasks/{task_id}", 4),
                ("ANY", "/files/{path+}", 5),
            ]
            .into_iter(),
        )
        .unwrap()
    }

    #[test]
    fn the_most_specific_route_wins() {
        let routes = routes();
        let target = |method, path| routes.find(method, path).map(|found| *found.target);
        assert_eq!(target("GET", "/api/u/tasks"), Some(1));
        assert_eq!(target("POST", "/api/u/tasks"), Some(2));
        assert_eq!(target("GET", "/api/auth/me"), Some(3));
        assert_eq!(target("GET", "/api/auth/tasks"), Some(1));
        assert_eq!(target("PUT", "/files/a/b"), Some(5));
        for (method, path) in [("PUT", "/api/u/tasks"), ("GET", "/api/u/tasks/"), ("GET", "/api//tasks"), ("GET", "/")]
        {
            assert_eq!(target(method, path), None, "{method} {path}");
        }
    }

    #[test]
    fn the_default_route_takes_the_rest() {
        let routes = Routes::new([("GET", "/a", 1), (ANY, DEFAULT, 2)].into_iter()).unwrap();
        let target = |method, path| routes.find(method, path).map(|found| *found.target);
        assert_eq!(target("GET", "/a"), Some(1));
        assert_eq!(target("POST", "/a"), Some(2));
        assert_eq!(target("GET", "/b"), Some(2));
    }

    #[test]
    fn parameters_are_decoded() {
        let routes = routes();
        let found = routes.find("GET", "/api/a%20b/tasks/7").unwrap();
        assert_eq!(found.parameters["user_id"], "a b");
        assert_eq!(found.parameters["task_id"], "7");
    }
}
