use serde_json::{Map, Value, json};

/// The headers that answers have beside those that all have: what each says, and an example.
const HEADERS: &[(&str, &str, &str)] = &[
    ("accept-encoding", "What the body may be coded with (RFC 9110, section 12.5.3).", "identity"),
    ("cache-control", "How long the answer may be kept.", "public, max-age=3600"),
    ("content-encoding", "How the body is compressed.", "gzip"),
    ("content-security-policy", "What the page may do.", "default-src 'none'; script-src 'self'"),
    ("etag", "The version of what is answered (RFC 9110, section 8.8.3).", "\"1\""),
    ("idempotency-replayed", "`true` where this is the answer to an earlier request with the same key.", "true"),
    ("link", "The next page (RFC 8288), where there may be one.", "</api/…/tasks?cursor=…>; rel=\"next\""),
    (
        "location",
        "Where to find it, or where to go.",
        "/api/00000000-0000-4000-8000-000000000001/tasks/298526539776000",
    ),
    ("pragma", "Not to be kept, for old caches.", "no-cache"),
    ("retry-after", "Seconds after which to try again.", "1"),
    ("set-auth-jwt", "A JWT that is good for 15 minutes.", "eyJ…"),
    ("set-auth-token", "The session token, where the session begins or is extended.", "AQID…"),
    ("set-cookie", "The session's cookies, set or taken back.", "better-auth.session_token=AQID…; Path=/; HttpOnly"),
    ("x-retry-after", "The same, under the name that the Better Auth client reads.", "1"),
    ("www-authenticate", "How to authenticate (RFC 9110, section 11.6.1).", "Bearer"),
];

/// All of them, as components.
pub(super) fn components() -> Map<String, Value> {
    let described = HEADERS.iter().map(|(name, description, example)| {
        ((*name).to_owned(), json!({"description": description, "schema": {"type": "string"}, "example": example}))
    });
    described.collect()
}

/// Some of them, by reference.
pub(super) fn referred(names: &[&str]) -> Map<String, Value> {
    let referred = |name: &&str| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    names.iter().map(referred).collect()
}
