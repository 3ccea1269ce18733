use serde_json::json;

use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    vec![
        on("keys")
            .answers(200)
            .has_header("cache-control", "public, max-age=300")
            .has(json!({"keys": [{"alg": "EdDSA", "crv": "Ed25519", "kty": "OKP"}]}))
            .where_(|answer| {
                let key = answer.json["keys"][0].as_object().unwrap();
                assert_eq!(key.keys().collect::<Vec<_>>(), ["alg", "crv", "kid", "kty", "x"], "{}", answer.text);
            })
            .costs_as("auth-jwks"),
    ]
}
