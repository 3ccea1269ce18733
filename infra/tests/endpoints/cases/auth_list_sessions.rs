use serde_json::json;

use super::signed_in_only;
use crate::{
    case::{Case, Given, on},
    tokens,
};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        on("sessions")
            .answers(200)
            .has(json!([{
                "id": "00000000-0000-4000-8000-000000000002",
                "userId": "00000000-0000-4000-8000-000000000001",
                "token": tokens::demo(),
                "expiresAt": "2030-01-31T00:00:00.000Z",
                "createdAt": "2030-01-01T00:00:00.000Z",
                "updatedAt": "2030-01-01T00:00:00.000Z",
                "ipAddress": "",
                "userAgent": "the local stack",
            }]))
            .costs_as("auth-list-sessions"),
        on("sessions").given(Given::OtherSession).answers(200).where_(|answer| {
            assert_eq!(answer.json.as_array().unwrap().len(), 2, "{}", answer.text);
        }),
        on("sessions").given(Given::NotFresh).refused(403, "SESSION_NOT_FRESH").says("Session is not fresh"),
    ];
    cases.extend(signed_in_only("sessions"));
    cases
}
