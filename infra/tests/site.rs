//! The web application that `cargo run` serves beside the API, and what it has in common with the one behind CloudFront.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test says what it expects by panicking when it does not hold"
)]

use std::{fs, io::Read, path::Path, time::Duration};

use flate2::read::GzDecoder;
use infra::stack::{Options, Stack};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::Value;
use tempfile::TempDir;

const POLICY: &str = "default-src 'self'; script-src 'self' 'sha256-x'";
const PAGE: &str = "<!doctype html><title>Sign in</title><p>A page that is long enough to be worth compressing.</p>";

/// A small export, as the build leaves it.
fn build(directory: &Path) {
    for (file, content) in [
        ("login.html", PAGE),
        ("tasks.html", "<!doctype html><title>Tasks</title>"),
        ("404.html", "<!doctype html><title>Not found</title>"),
        ("tasks.txt", "0:{}"),
        ("icon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("_next/static/chunks/a-1_b.js", "console.log(1)"),
        ("_next/static/media/inter.woff2", "a font, which is compressed already and longer than what is not worth it"),
        ("_next/static/folder.js/inner", ""),
        ("_headers.json", &serde_json::json!({ "content-security-policy": POLICY }).to_string()),
    ] {
        let path = directory.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

struct Served {
    directory: TempDir,
    stack: Stack,
    client: Client,
}

impl Served {
    /// A stack whose web application is not built yet.
    async fn unbuilt() -> Self {
        let directory = TempDir::new().unwrap();
        let site = Some(directory.path().join("out"));
        let stack = Stack::start(Options { site, ..Options::default() }).await.unwrap();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { directory, stack, client }
    }

    async fn built() -> Self {
        let served = Self::unbuilt().await;
        build(&served.directory.path().join("out"));
        served
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.stack.api_url()))
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

async fn is_api_problem(response: Response) -> bool {
    let problem = header(&response, "content-type") == "application/problem+json";
    problem && response.json::<Value>().await.unwrap()["code"] == "route_not_found"
}

#[tokio::test]
async fn pages_and_files_have_their_types_and_lifetimes() {
    let served = Served::built().await;
    for (path, media_type, caching) in [
        ("/login", "text/html; charset=utf-8", "no-cache"),
        ("/tasks.txt?_rsc=1", "text/plain", "no-cache"),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        ("/_next/static/chunks/a-1_b.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/_next/static/media/inter.woff2", "font/woff2", "public, max-age=31536000, immutable"),
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&answer, "content-type"), media_type, "{path}");
        assert_eq!(header(&answer, "cache-control"), caching, "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), "", "{path}");
    }
    assert_eq!(served.get("/login").await.text().await.unwrap(), PAGE);
    served.stack.stop().await;
}

#[tokio::test]
async fn every_answer_has_the_headers_of_the_template_and_pages_the_policy_of_their_build() {
    let served = Served::built().await;
    for path in ["/login", "/nowhere", "/tasks", "/icon.svg", "/_next/static/chunks/gone.js"] {
        let answer = served.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(header(&answer, name), value, "{path}: {name}");
        }
        let is_page = header(&answer, "content-type").starts_with("text/html");
        assert_eq!(header(&answer, "content-security-policy"), if is_page { POLICY } else { "" }, "{path}");
    }
    served.stack.stop().await;
}

#[tokio::test]
async fn a_session_cookie_decides_which_page_there_is() {
    let served = Served::built().await;
    let away = served.get("/tasks?q=a%20b").await;
    assert_eq!(away.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&away, "location"), "/login?redirect=%2Ftasks%3Fq%3Da%2520b");
    assert_eq!(header(&away, "cache-control"), "no-store");

    let cookie = "other=1; better-auth.session_token=x";
    let shown = served.request(Method::GET, "/tasks").header("cookie", cookie).send().await.unwrap();
    assert_eq!(shown.status(), StatusCode::OK);
    let home = served.request(Method::GET, "/login?redirect=//evil.example").header("cookie", cookie);
    assert_eq!(header(&home.send().await.unwrap(), "location"), "/tasks");
    served.stack.stop().await;
}

#[tokio::test]
async fn what_does_not_exist_is_a_page_with_status_404() {
    let served = Served::built().await;
    let secret = served.directory.path().join("secret.txt");
    fs::write(secret, "secret").unwrap();
    for path in [
        "/nowhere",
        "/login.html",
        "/_headers.json",
        "/gone.js",
        "/_next/static/folder.js",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/_next/%2e%2e/%2e%2e/secret.txt",
        "/....//secret.txt",
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-cache", "{path}");
        assert!(answer.text().await.unwrap().contains("<title>Not found</title>"), "{path}");
    }
    served.stack.stop().await;
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let served = Served::built().await;
    let modified = header(&served.get("/login").await, "last-modified").to_owned();
    let again = async || {
        let request = served.request(Method::GET, "/login").header("if-modified-since", &modified);
        request.send().await.unwrap()
    };
    let unchanged = again().await;
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&unchanged, "content-security-policy"), POLICY, "else the browser would keep an older one");

    let page = fs::File::open(served.directory.path().join("out/login.html")).unwrap();
    page.set_modified(page.metadata().unwrap().modified().unwrap() + Duration::from_secs(2)).unwrap();
    assert_eq!(again().await.status(), StatusCode::OK, "a new build");

    fs::remove_file(served.directory.path().join("out/icon.svg")).unwrap();
    let gone = served.request(Method::GET, "/icon.svg").header("if-modified-since", "Fri, 31 Dec 2100 00:00:00 GMT");
    assert_eq!(gone.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    served.stack.stop().await;
}

#[tokio::test]
async fn what_gains_by_it_is_compressed() {
    let served = Served::built().await;
    let ask = async |path: &str| {
        let request = served.request(Method::GET, path).header("accept-encoding", "br, gzip");
        request.send().await.unwrap()
    };
    let page = ask("/login").await;
    assert_eq!((header(&page, "content-encoding"), header(&page, "vary")), ("gzip", "accept-encoding"));
    let mut text = String::new();
    GzDecoder::new(&*page.bytes().await.unwrap()).read_to_string(&mut text).unwrap();
    assert_eq!(text, PAGE);
    assert_eq!(header(&ask("/_next/static/media/inter.woff2").await, "content-encoding"), "");
    served.stack.stop().await;
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let served = Served::built().await;
    for (path, status) in [("/login", 200), ("/nowhere", 404), ("/tasks", 307)] {
        let answer = served.request(Method::HEAD, path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert!(answer.text().await.unwrap().is_empty(), "{path}");
    }
    served.stack.stop().await;
}

#[tokio::test]
async fn the_api_keeps_its_paths_and_methods() {
    let served = Served::built().await;
    let html = |request: RequestBuilder| request.header("accept", "text/html").send();
    for path in ["/api", "/api/nothing", "/api/x.js", "/_local/nothing"] {
        assert!(is_api_problem(html(served.request(Method::GET, path)).await.unwrap()).await, "{path}");
    }
    for path in ["/login", "/nowhere"] {
        assert!(is_api_problem(html(served.request(Method::POST, path)).await.unwrap()).await, "POST {path}");
    }
    assert_eq!(served.get("/api/auth/ok").await.status(), StatusCode::OK);
    assert_eq!(served.get("/apis.js").await.status(), StatusCode::NOT_FOUND);
    served.stack.stop().await;
}

#[tokio::test]
async fn a_browser_is_told_how_to_build_what_is_not_built_yet() {
    let served = Served::unbuilt().await;
    let visit = async || {
        let request = served.request(Method::GET, "/login").header("accept", "text/html,application/xhtml+xml");
        request.send().await.unwrap()
    };
    let told = visit().await;
    assert_eq!(told.status(), StatusCode::NOT_FOUND);
    assert!(told.text().await.unwrap().contains("npm run build"));
    assert!(is_api_problem(served.get("/").await).await, "no browser");

    build(&served.directory.path().join("out"));
    assert_eq!(visit().await.status(), StatusCode::OK, "without a restart");
    served.stack.stop().await;
}
