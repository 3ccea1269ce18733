use jsonwebtoken::{Algorithm, decode_header};
use serde_json::json;

use super::{signed_in_only, unknown_bearer};
use crate::{
    case::{Case, Cookies, Given, on},
    credentials::claims,
    json::difference,
    world::Answer,
};

pub fn cases() -> Vec<Case> {
    let token = || on("token").answers(200).where_(names_the_user_for_a_quarter_of_an_hour);
    let mut cases = vec![
        token().costs_as("auth-token"),
        token().given(Given::ExtensionDue).cookies(Cookies::HandedOver).costs_as("auth-token, extended"),
        token().given(Given::ExtensionDueButNotRemembered),
        unknown_bearer("token"),
    ];
    cases.extend(signed_in_only("token"));
    cases
}

fn names_the_user_for_a_quarter_of_an_hour(answer: &Answer) {
    let token = answer.text_at("/token");
    let header = decode_header(token).unwrap();
    assert_eq!((header.alg, header.typ), (Algorithm::EdDSA, None));
    assert!(header.kid.is_some());
    let expected = json!({
        "id": "00000000-0000-4000-8000-000000000001",
        "name": "Demo",
        "email": "demo@example.com",
        "emailVerified": false,
        "image": null,
        "createdAt": "2030-01-01T00:00:00.000Z",
        "updatedAt": "2030-01-01T00:00:00.000Z",
        "sub": "00000000-0000-4000-8000-000000000001",
        "sid": "00000000-0000-4000-8000-000000000002",
        "iat": 1_893_456_000,
        "exp": 1_893_456_900,
        "iss": "https://abc123.execute-api.eu-central-1.amazonaws.com",
        "aud": "https://abc123.execute-api.eu-central-1.amazonaws.com",
    });
    assert_eq!(difference(&claims(token), &expected), None);
    assert_eq!(claims(token).as_object().unwrap().len(), 13);
}
