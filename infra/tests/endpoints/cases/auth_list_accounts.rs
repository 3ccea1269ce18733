use serde_json::json;

use super::{signed_in_only, unknown_bearer};
use crate::case::{Case, on};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("accounts")
            .answers(200)
            .has(json!([{
                "id": "00000000-0000-4000-8000-000000000003",
                "providerId": "credential",
                "accountId": "00000000-0000-4000-8000-000000000001",
                "userId": "00000000-0000-4000-8000-000000000001",
                "createdAt": "2030-01-01T00:00:00.000Z",
                "updatedAt": "2030-01-01T00:00:00.000Z",
                "scopes": [],
            }]))
            .where_(|answer| assert_eq!(answer.json[0].as_object().unwrap().len(), 7, "{}", answer.text))
            .costs_as("auth-list-accounts"),
        unknown_bearer("accounts"),
    ];
    cases.extend(signed_in_only("accounts"));
    cases
}
