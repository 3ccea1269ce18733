//! The web application on the API's address: what CloudFront and the bucket do for a deployed stack.
//!
//! It serves the static export, `frontend/out`, beside `/api/*`. Nothing is kept in memory: an export that is built while the
//! stack runs is there with the next request.

mod rules;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use tower::ServiceExt;
use tower_http::{
    compression::{
        Compression,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    services::ServeDir,
};

use self::rules::{Outcome, Rules};
use crate::template::Template;

/// What is said while there is no export.
const UNBUILT_PAGE: &str = include_str!("unbuilt.html");
/// It has a style and nothing else.
const UNBUILT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// The last file that a build writes: headers that depend on what it has built.
const HEADERS_FILE: &str = "_headers.json";
/// Files whose names change with their content.
const IMMUTABLE_FILES: &str = "_next/static/";

/// Whether a directory has an export: the build has come to its end.
pub fn is_built(directory: &Path) -> bool {
    directory.join(HEADERS_FILE).exists()
}

/// The web application.
#[derive(Debug, Clone)]
pub struct Site {
    directory: PathBuf,
    rules: Rules,
    headers: HeaderMap,
}

impl Site {
    /// The web application whose export is, or will be, in a directory, with the headers that the template's distribution adds.
    ///
    /// # Errors
    /// Rules that cannot be read.
    pub fn new(directory: PathBuf, template: &Template) -> Result<Self, serde_json::Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in &template.site_headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
        Ok(Self { directory, rules: Rules::of_this_repository()?, headers })
    }

    /// Puts the web application in front of an API, which keeps its paths and every request that reads no page.
    pub fn in_front_of(self, api: Router) -> Router {
        api.layer(from_fn_with_state(Arc::new(self), serve))
    }

    /// The answer to a request for a page or a file; none while there is no export and nobody who would read so.
    async fn answer(&self, parts: &Parts) -> Option<Response> {
        let Some(build_headers) = self.build_headers().await else {
            return accepts_html(&parts.headers).then(unbuilt);
        };
        let has_session = self.rules.has_session(&parts.headers);
        let outcome = self.rules.decide(parts.uri.path(), parts.uri.query().unwrap_or_default(), has_session);
        Some(match outcome {
            Outcome::Redirect(status, to) => redirect(status, &to),
            Outcome::Missing(file) => self.missing(&file, parts, &build_headers).await,
            Outcome::Serve(file) => match self.file(&file, parts, &build_headers).await {
                response if response.status() == StatusCode::NOT_FOUND => {
                    self.missing(self.rules.not_found_file(), parts, &build_headers).await
                }
                response => response,
            },
        })
    }

    /// Headers of this build, such as the content policy, which names its scripts.
    async fn build_headers(&self) -> Option<HeaderMap> {
        let text = tokio::fs::read(self.directory.join(HEADERS_FILE)).await.ok()?;
        let headers: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&text).ok()?;
        let headers = headers.iter().filter_map(|(name, value)| {
            Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value.as_str()?).ok()?))
        });
        Some(headers.collect())
    }

    /// A file, or what the conditions and ranges of the request make of it.
    async fn file(&self, file: &str, parts: &Parts, build_headers: &HeaderMap) -> Response {
        let Ok(uri) = format!("/{file}").parse::<Uri>() else {
            return status(StatusCode::NOT_FOUND);
        };
        let mut request = Request::new(Body::empty());
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = parts.headers.clone();
        let mut response = match files(&self.directory).oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        };
        if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
            return response;
        }
        let immutable = file.starts_with(IMMUTABLE_FILES);
        let caching = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        if file.ends_with(".html") {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, html);
            response.headers_mut().extend(build_headers.clone());
        }
        response
    }

    /// The page for what does not exist, whole: what the request says of a version it has, it says of something else.
    async fn missing(&self, file: &str, parts: &Parts, build_headers: &HeaderMap) -> Response {
        let mut parts = parts.clone();
        for condition in [header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE, header::RANGE] {
            parts.headers.remove(condition);
        }
        let mut response = self.file(file, &parts, build_headers).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    }
}

async fn serve(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if is_for_pages(&parts)
        && let Some(mut response) = site.answer(&parts).await
    {
        response.headers_mut().extend(site.headers.clone());
        return response;
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Whether a request reads what is neither the API's nor the local stack's own.
fn is_for_pages(parts: &Parts) -> bool {
    let path = parts.uri.path();
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    matches!(parts.method, Method::GET | Method::HEAD) && !below("/api") && !below("/_local")
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|accepted| accepted.split(',')).any(|range| range.trim().starts_with("text/html"))
}

/// Files of a directory, compressed where that makes them smaller.
fn files(directory: &Path) -> Compression<ServeDir, impl Predicate> {
    let worthwhile = DefaultPredicate::new().and(NotForContentType::const_new("font/"));
    Compression::new(ServeDir::new(directory).append_index_html_on_directories(false)).compress_when(worthwhile)
}

fn redirect(code: StatusCode, to: &str) -> Response {
    let Ok(to) = HeaderValue::from_bytes(to.as_bytes()) else {
        return status(StatusCode::BAD_REQUEST);
    };
    let mut response = status(code);
    response.headers_mut().insert(header::LOCATION, to);
    // Where a page leads depends on who asks.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn unbuilt() -> Response {
    let mut response = Response::new(Body::from(UNBUILT_PAGE));
    *response.status_mut() = StatusCode::NOT_FOUND;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, UNBUILT_POLICY),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
