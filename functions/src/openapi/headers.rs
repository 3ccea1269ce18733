use serde_json::{Value, json};

/// What a header of an answer says.
pub(super) fn described(name: &str) -> Value {
    let (description, example) = match name {
        "allow" => ("The methods that the route takes.", "GET, POST"),
        "cache-control" => ("How long the answer may be kept.", "public, max-age=300"),
        "content-encoding" => ("How the body is compressed.", "gzip"),
        "content-security-policy" => ("What the page may do.", "default-src 'none'"),
        "etag" => ("The version of what is answered (RFC 9110, section 8.8.3).", "\"1\""),
        "idempotency-replayed" => ("`true` where this is the answer to an earlier request with the same key.", "true"),
        "link" => ("The next page (RFC 8288), where there may be one.", "</api/…/tasks?cursor=…>; rel=\"next\""),
        "location" => ("Where to find it.", "/api/00000000-0000-4000-8000-000000000001/tasks/298526539776000"),
        "pragma" => ("Not to be kept, for old caches.", "no-cache"),
        "retry-after" => ("Seconds after which to try again.", "1"),
        "set-auth-jwt" => ("A JWT that is good for 15 minutes.", "eyJ…"),
        "set-auth-token" => ("The session token, where the session has begun or was extended.", "AQID…"),
        "set-cookie" => {
            ("The session's cookies, set or taken back.", "better-auth.session_token=AQID…; Path=/; HttpOnly")
        }
        "www-authenticate" => ("How to authenticate (RFC 9110, section 11.6.1).", "Bearer"),
        _ => ("", ""),
    };
    json!({"description": description, "schema": {"type": "string"}, "example": example})
}
