//! One password, however it is typed and in whichever dialect.

use serde_json::{Value, json};

use crate::harness::*;

const PLAIN_SIGN_UP: &str = "/api/auth/signup";
const PLAIN_LOG_IN: &str = "/api/auth/login";
const SIGN_UP: &str = "/api/auth/sign-up/email";
const SIGN_IN: &str = "/api/auth/sign-in/email";

async fn send(client: &Client, path: &str, email: &str, password: &str) -> Answer {
    let body = json!({"name": "Ada", "email": email, "password": password});
    client.post(path).header("origin", &trusted_origin()).json(&body).send().await
}

#[track_caller]
fn user_id(answer: &Answer) -> Value {
    answer.expect_one_of(&[200, 201]).json()["user"]["id"].clone()
}

#[tokio::test]
async fn what_is_set_in_either_dialect_signs_in_through_both_in_any_normal_form() {
    let client = Client::new();
    let composed = "\u{e4}".repeat(100);
    let decomposed = "a\u{308}".repeat(100);
    for (sign_up, password, typed) in [
        (PLAIN_SIGN_UP, "\u{1f511}".repeat(70), "\u{1f511}".repeat(70)),
        (PLAIN_SIGN_UP, composed.clone(), decomposed.clone()),
        (PLAIN_SIGN_UP, decomposed.clone(), composed.clone()),
        (SIGN_UP, decomposed, composed),
        // Eight UTF-16 units, and the most of either kind that the other dialect would not set.
        (SIGN_UP, "\u{1f511}".repeat(4), "\u{1f511}".repeat(4)),
        (SIGN_UP, "p".repeat(128), "\u{ff50}".repeat(128)),
        (SIGN_UP, "\u{1f511}".repeat(128), "\u{1f511}".repeat(128)),
    ] {
        let email = unique_email();
        let id = user_id(&send(&client, sign_up, &email, &password).await);
        for sign_in in [PLAIN_LOG_IN, SIGN_IN] {
            assert_eq!(user_id(&send(&client, sign_in, &email, &typed).await), id, "{password} through {sign_in}");
        }
    }
}

#[tokio::test]
async fn lengths_are_those_of_the_normal_form() {
    let client = Client::new();
    for (password, valid) in
        [("a\u{308}".repeat(7), false), ("a\u{308}".repeat(101), false), ("\u{fdfa}".to_owned(), true)]
    {
        let answer = send(&client, PLAIN_SIGN_UP, &unique_email(), &password).await;
        if valid {
            answer.expect(201)
        } else {
            answer.expect(422)
        };
        let answer = send(&client, SIGN_UP, &unique_email(), &password).await;
        // The other dialect takes up to 128 characters.
        if valid || password.len() > 100 {
            answer.expect(200)
        } else {
            answer.expect(400)
        };
    }
}

#[tokio::test]
async fn what_everybody_chooses_is_set_in_neither_dialect() {
    let client = Client::new();
    for common in ["password1", "12345678", "QwertyUIOP", "\u{ff30}assword1"] {
        let plain = send(&client, PLAIN_SIGN_UP, &unique_email(), common).await;
        assert_invalid(&plain, &["/password"]);
        let answer = send(&client, SIGN_UP, &unique_email(), common).await;
        assert_eq!(answer.expect(400).json()["code"], "PASSWORD_COMPROMISED", "{common}");
        // To sign in with, it is a password like any other.
        for (sign_in, status) in [(PLAIN_LOG_IN, 401), (SIGN_IN, 401)] {
            send(&client, sign_in, &unique_email(), common).await.expect(status);
        }
    }
}
