//! POST /api/auth/signup

use serde_json::{Value, json};

use crate::harness::*;

/// An address of exactly `length` characters with a local part of 64, the most that RFC 5321 allows.
fn email_of_length(length: usize) -> String {
    let mut local = format!("u-{}-", unique());
    assert!(local.len() <= 64);
    while local.len() < 64 {
        local.push('x');
    }
    let last_label = length - local.len() - "@".len() - 2 * 64 - ".com".len();
    assert!((1..=63).contains(&last_label));
    let label = "d".repeat(63);
    let email = format!("{local}@{label}.{label}.{}.com", "e".repeat(last_label));
    assert_eq!(email.len(), length);
    email
}

async fn sign_up_with(client: &Client, member: &str, value: Value) -> Answer {
    let mut body = json!({"email": unique_email(), "password": PASSWORD});
    body[member] = value;
    client.sign_up_call(&body).send().await
}

#[tokio::test]
async fn a_sign_up_answers_with_a_token_and_the_user() {
    let client = Client::new();
    let email = unique_email();
    let answer = client.sign_up_call(&json!({"email": email, "password": PASSWORD, "name": "Ada"})).send().await;
    let body = answer.expect(201).json();
    assert_members(&body, &["access_token", "token_type", "user"]);
    assert_eq!(body["token_type"], "bearer");
    assert_user(&body["user"]);
    assert_eq!(body["user"]["email"], json!(email));
    assert_eq!(body["user"]["name"], "Ada");

    let user = User::from_answer(&body);
    assert_eq!(client.get("/api/auth/me").token(&user.token).send().await.expect(200).json(), body["user"]);
}

#[tokio::test]
async fn a_user_id_can_stand_in_a_path_as_it_is() {
    let client = Client::new();
    let (one, other) = shared_pair(&client).await;
    assert_ne!(one.id, other.id);
    for id in [&one.id, &other.id] {
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{id}");
    }
}

#[tokio::test]
async fn blanks_around_an_email_do_not_count() {
    let client = Client::new();
    let email = unique_email();
    let answer = sign_up_with(&client, "email", json!(format!(" {email}\u{a0}\n"))).await;
    assert_eq!(answer.expect(201).json()["user"]["email"], json!(email));
    client.log_in_call(&format!("{email} "), PASSWORD).send().await.expect(200);
    assert_problem(&sign_up_with(&client, "email", json!(format!("\t{email}"))).await, 400, "email_taken");
}

#[tokio::test]
async fn a_domain_may_be_one_of_another_script() {
    let client = Client::new();
    for domain in ["example.xn--p1ai", "xn--e1afmkfd.XN--P1AI"] {
        let email = format!("u-{}@{domain}", unique());
        let answer = sign_up_with(&client, "email", json!(email)).await;
        assert_eq!(answer.expect(201).json()["user"]["email"], json!(email.to_lowercase()));
    }
}

#[tokio::test]
async fn a_name_holds_no_control_characters_but_those_that_people_type() {
    let client = Client::new();
    for name in ["a\u{0}b", "a\u{1b}[31mb", "a\u{7f}b", "a\u{85}b", "\u{b}"] {
        assert_invalid(&sign_up_with(&client, "name", json!(name)).await, &["/name"]);
    }
    let typed = "a\tb\r\nc";
    assert_eq!(sign_up_with(&client, "name", json!(typed)).await.expect(201).json()["user"]["name"], typed);
}

#[tokio::test]
async fn the_email_is_stored_in_lower_case() {
    let client = Client::new();
    let email = unique_email();
    let answer = sign_up_with(&client, "email", json!(email.to_uppercase())).await;
    assert_eq!(answer.expect(201).json()["user"]["email"], json!(email));
}

#[tokio::test]
async fn a_name_that_is_absent_empty_or_null_becomes_the_part_before_the_at() {
    let client = Client::new();
    for name in [None, Some(json!("")), Some(Value::Null)] {
        let email = unique_email();
        let mut body = json!({"email": email, "password": PASSWORD});
        if let Some(name) = &name {
            body["name"] = name.clone();
        }
        let answer = client.sign_up_call(&body).send().await;
        let user = answer.expect(201).json()["user"].clone();
        assert_eq!(user["name"], json!(email.split('@').next()), "{name:?}");
    }
}

#[tokio::test]
async fn a_name_has_at_most_100_characters_of_any_script() {
    let client = Client::new();
    for character in ["n", "é", "名", "🦀"] {
        let longest = character.repeat(100);
        let answer = sign_up_with(&client, "name", json!(longest)).await;
        assert_eq!(answer.expect(201).json()["user"]["name"], json!(longest));
        assert_invalid(&sign_up_with(&client, "name", json!(character.repeat(101))).await, &["/name"]);
    }
}

#[tokio::test]
async fn a_password_has_8_to_100_characters_of_any_script() {
    let client = Client::new();
    for character in ["p", "🔑"] {
        for length in [0, 1, 7, 101, 128, 129, 1000] {
            let answer = sign_up_with(&client, "password", json!(character.repeat(length))).await;
            assert_invalid(&answer, &["/password"]);
        }
        for length in [8, 100] {
            let (email, password) = (unique_email(), character.repeat(length));
            client.sign_up_call(&json!({"email": email, "password": password})).send().await.expect(201);
            client.log_in_call(&email, &password).send().await.expect(200);
            let shorter = character.repeat(length - 1);
            assert_problem(&client.log_in_call(&email, &shorter).send().await, 401, "invalid_credentials");
        }
    }
}

#[tokio::test]
async fn a_password_counts_with_its_spaces() {
    let client = Client::new();
    let email = unique_email();
    client.sign_up_call(&json!({"email": email, "password": "  spaced  "})).send().await.expect(201);
    client.log_in_call(&email, "  spaced  ").send().await.expect(200);
    assert_problem(&client.log_in_call(&email, "spaced").send().await, 401, "invalid_credentials");
}

#[tokio::test]
async fn a_password_differs_by_case() {
    let client = Client::new();
    let email = unique_email();
    client.sign_up_call(&json!({"email": email, "password": "CaseMatters"})).send().await.expect(201);
    assert_problem(&client.log_in_call(&email, "casematters").send().await, 401, "invalid_credentials");
}

#[tokio::test]
async fn a_refused_password_is_not_repeated_in_the_answer() {
    let client = Client::new();
    let short = "7-Qx!zé";
    let answer = sign_up_with(&client, "password", json!(short)).await;
    assert_invalid(&answer, &["/password"]);
    assert!(!answer.shown().contains(short), "{}", answer.shown());
}

#[tokio::test]
async fn an_email_has_at_most_255_characters() {
    let client = Client::new();
    let email = email_of_length(255);
    let answer = sign_up_with(&client, "email", json!(email)).await;
    assert_eq!(answer.expect(201).json()["user"]["email"], json!(email));
    client.log_in_call(&email, PASSWORD).send().await.expect(200);
    assert_invalid(&sign_up_with(&client, "email", json!(email_of_length(256))).await, &["/email"]);
}

#[tokio::test]
async fn an_address_that_cannot_receive_mail_is_refused() {
    let client = Client::new();
    for email in [
        "",
        " ",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "ada@@example.com",
        "ada@example@example.com",
        "ada example.com",
        "a da@example.com",
        "ada@exam ple.com",
        "ada@example..com",
        "ada@.example.com",
        "ada\u{0}@example.com",
        "ada@example.com\u{0}",
        "ada@exam\nple.com",
        "ada@example.com,bob@example.com",
        "<ada@example.com>",
        "ada@example.com\r\nBcc: bob@example.com",
        "ada@-example.com",
        "ada..b@example.com",
        ".ada@example.com",
    ] {
        let answer = sign_up_with(&client, "email", json!(email)).await;
        assert_eq!(answer.status, 422, "{email:?}: {}", answer.shown());
        assert_invalid(&answer, &["/email"]);
    }
}

#[tokio::test]
async fn each_member_must_have_its_type() {
    let client = Client::new();
    for wrong in [json!(1), json!(1.5), json!(true), json!([]), json!(["x"]), json!({}), json!({"$ne": null})] {
        for (member, pointer) in [("email", "/email"), ("password", "/password"), ("name", "/name")] {
            assert_invalid(&sign_up_with(&client, member, wrong.clone()).await, &[pointer]);
        }
    }
    for (member, pointer) in [("email", "/email"), ("password", "/password")] {
        assert_invalid(&sign_up_with(&client, member, Value::Null).await, &[pointer]);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let client = Client::new();
    for (body, pointers) in [
        (json!({}), vec!["/email", "/password"]),
        (json!({"email": unique_email()}), vec!["/password"]),
        (json!({"password": PASSWORD}), vec!["/email"]),
        (json!({"email": "ada", "password": "short", "name": "n".repeat(101)}), vec!["/email", "/password", "/name"]),
        (json!({"email": 1, "password": [], "name": {}}), vec!["/email", "/password", "/name"]),
        (json!({"email": "ada", "password": 8}), vec!["/email", "/password"]),
        (json!({"name": "n".repeat(101)}), vec!["/email", "/password", "/name"]),
    ] {
        assert_invalid(&client.sign_up_call(&body).send().await, &pointers);
    }
}

#[tokio::test]
async fn unknown_members_are_ignored() {
    let client = Client::new();
    let victim = shared_user(&client).await;
    let email = unique_email();
    let body = json!({
        "email": email, "password": PASSWORD,
        "id": victim.id, "user_id": victim.id, "sub": victim.id, "is_active": false, "role": "admin", "created_at": 0,
    });
    let user = User::from_answer(&client.sign_up_call(&body).send().await.expect(201).json());
    assert_ne!(user.id, victim.id);
    client.log_in_call(&email, PASSWORD).send().await.expect(200);
}

#[tokio::test]
async fn a_taken_email_is_refused_however_it_is_written() {
    let client = Client::new();
    let user = client.sign_up().await;
    let mut titled = user.email.clone();
    titled[..1].make_ascii_uppercase();
    for email in [user.email.clone(), user.email.to_uppercase(), titled] {
        let body = json!({"email": email, "password": "another password", "name": "Mallory"});
        assert_problem(&client.sign_up_call(&body).send().await, 400, "email_taken");
    }
    // Nothing of the account changed, and its session lives.
    client.log_in(&user).await;
    assert_problem(&client.log_in_call(&user.email, "another password").send().await, 401, "invalid_credentials");
    let me = client.get("/api/auth/me").token(&user.token).send().await.expect(200).json();
    assert_ne!(me["name"], "Mallory");
}

#[tokio::test]
async fn what_is_invalid_is_told_before_the_email_is_looked_up() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let body = json!({"email": user.email, "password": "short"});
    assert_invalid(&client.sign_up_call(&body).send().await, &["/password"]);
}

#[tokio::test]
async fn a_null_character_in_a_password_is_kept_or_refused() {
    let client = Client::new();
    let (email, password) = (unique_email(), "null\u{0}password");
    let answer = client.sign_up_call(&json!({"email": email, "password": password})).send().await;
    answer.expect_one_of(&[201, 422]);
    if answer.status == 201 {
        client.log_in_call(&email, password).send().await.expect(200);
        let cut = client.log_in_call(&email, "null").send().await;
        assert_problem(&cut, 401, "invalid_credentials");
        let other_end = client.log_in_call(&email, "null\u{0}other").send().await;
        assert_problem(&other_end, 401, "invalid_credentials");
    }
}
