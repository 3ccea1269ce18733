//! Requests for one endpoint, one after the other from a seed, as the events that a gateway makes of them.

use std::sync::Arc;

use fastrand::Rng;
use functions::Endpoint;
use infra::demo;
use serde_json::{Value, json};

use crate::{
    DOCUMENT, bodies,
    credentials::Credentials,
    texts::{damaged, text},
};

pub struct Requests {
    endpoint: &'static Endpoint,
    random: Rng,
    credentials: Arc<Credentials>,
    /// What the description has of it; nothing, if it does not.
    operation: &'static Value,
    schemas: &'static Value,
}

/// A request as plain as can be.
pub fn event(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "api.example.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.5.0",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
        },
        "isBase64Encoded": false,
    })
}

impl Requests {
    pub fn new(endpoint: &'static Endpoint, credentials: Arc<Credentials>, seed: u64) -> Self {
        let schemas = &DOCUMENT["components"]["schemas"];
        let operation = &DOCUMENT["paths"][endpoint.path][endpoint.method.to_lowercase()];
        Self { endpoint, random: Rng::with_seed(seed), credentials, operation, schemas }
    }

    /// Whether the description has a body.
    pub fn takes_body(&self) -> bool {
        !self.operation["requestBody"].is_null()
    }

    pub fn next(&mut self) -> Value {
        let parameters = self.path_parameters();
        let method = match self.endpoint.method {
            "ANY" => ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE"][self.random.usize(..7)],
            method => method,
        };
        let mut event = event(method, &self.path(&parameters));
        event["pathParameters"] =
            Value::Object(parameters.into_iter().map(|(name, value)| (name, json!(value))).collect());
        event["rawQueryString"] = json!(self.query());
        self.set_headers(&mut event);
        self.set_body(&mut event);
        if self.random.u8(0..8) == 0 {
            self.damage(&mut event);
        }
        event
    }

    fn path_parameters(&mut self) -> Vec<(String, String)> {
        let names: Vec<String> = self.endpoint.path.split(['{', '}']).skip(1).step_by(2).map(str::to_owned).collect();
        let random = &mut self.random;
        let value = |name: &str, random: &mut Rng| match (name, random.u8(0..10)) {
            ("user_id", 0..=7) => demo::PRINCIPAL.user_id.to_string(),
            ("task_id", 0..=6) => demo::task_id().to_string(),
            ("token", 0..=7) => self.credentials.token(random),
            ("user_id", 8) => damaged(&demo::PRINCIPAL.user_id.to_string(), random),
            _ => text(random),
        };
        names.into_iter().map(|name| (name.clone(), value(&name, random))).collect()
    }

    fn path(&mut self, parameters: &[(String, String)]) -> String {
        if self.endpoint.path == "$default" {
            return format!("/{}", text(&mut self.random));
        }
        let path = self.endpoint.path.to_owned();
        parameters.iter().fold(path, |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    /// The parameters that the description has, and others; some more than once.
    fn query(&mut self) -> String {
        let random = &mut self.random;
        let described = self.operation["parameters"].as_array().into_iter().flatten();
        let names: Vec<_> = described.filter(|parameter| parameter["in"] == "query").collect();
        let mut pairs = Vec::new();
        for parameter in names {
            for _ in 0..[0, 0, 1, 1, 1, 2][random.usize(..6)] {
                let name = parameter["name"].as_str().unwrap();
                let value = match (name, random.u8(0..4)) {
                    ("cursor", 0..=2) => {
                        if random.bool() {
                            self.credentials.cursor.clone()
                        } else {
                            damaged(&self.credentials.cursor, random)
                        }
                    }
                    ("token", 0..=2) => self.credentials.token(random),
                    (_, 0 | 1) => {
                        let value = bodies::value(&parameter["schema"], self.schemas, &self.credentials, random);
                        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
                    }
                    _ => text(random),
                };
                pairs.push(format!("{name}={value}"));
            }
        }
        if random.u8(0..6) == 0 {
            pairs.push(text(random));
        }
        pairs.join("&")
    }

    fn set_headers(&mut self, event: &mut Value) {
        let random = &mut self.random;
        let headers = &mut event["headers"];
        if random.u8(0..8) != 0 {
            headers["authorization"] = json!(self.credentials.authorization(random));
        }
        for (name, usual) in [
            ("content-type", "application/json"),
            ("content-encoding", "identity"),
            ("origin", "http://localhost:3000"),
            ("referer", "http://localhost:3000/tasks"),
            ("idempotency-key", "key-1"),
            ("if-match", "\"1\""),
            ("if-none-match", "\"9\""),
            ("user-agent", "curl/8.5.0"),
            ("accept-encoding", "gzip"),
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-for", "203.0.113.7"),
            ("x-forwarded-host", "evil.example"),
        ] {
            let likely = name == "content-type";
            match random.u8(0..10) {
                0..=7 if likely => headers[name] = json!(usual),
                0 => headers[name] = json!(usual),
                1 => headers[name] = json!(text(random)),
                _ => {}
            }
        }
        if random.u8(0..3) == 0 {
            event["cookies"] = json!(self.credentials.cookies(random));
        }
    }

    fn set_body(&mut self, event: &mut Value) {
        let content = self.operation["requestBody"]["content"].as_object().into_iter().flatten();
        let schemas: Vec<_> = content.map(|(_, content)| &content["schema"]).collect();
        let random = &mut self.random;
        if schemas.is_empty() && random.u8(0..4) != 0 {
            return;
        }
        let schema = schemas.first().map_or(&Value::Null, |schema| *schema);
        let body = bodies::value(schema, self.schemas, &self.credentials, random);
        bodies::set(event, &body, random);
    }

    /// What no gateway makes of a request: a part is missing, or another thing.
    fn damage(&mut self, event: &mut Value) {
        let random = &mut self.random;
        let parts =
            ["headers", "cookies", "pathParameters", "rawPath", "rawQueryString", "body", "requestContext", "routeKey"];
        let part = parts[random.usize(..parts.len())];
        match random.u8(0..3) {
            0 => drop(event.as_object_mut().unwrap().remove(part)),
            1 => event[part] = [json!(null), json!(""), json!({}), json!([]), json!(0)][random.usize(..5)].clone(),
            _ => {
                let context = ["domainName", "requestId", "stage", "time"][random.usize(..4)];
                event["requestContext"][context] = json!(text(random));
            }
        }
    }
}
