//! The access token as a credential, and everything that looks like one but is not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::harness::*;

const ME: &str = "/api/auth/me";

/// base64url, RFC 4648, section 5.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn decoded(segment: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).expect("base64url without padding")).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Header, claims and signature of a JWT, still encoded.
fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().expect("a JWT has three parts")
}

async fn assert_refused(client: &Client, authorization: &[u8]) {
    let answer = client.get(ME).header_bytes("authorization", authorization).send().await;
    assert_problem(&answer, 401, "not_authenticated");
}

#[tokio::test]
async fn an_access_token_claims_who_until_when_from_whom_and_for_whom() {
    let client = Client::new();
    let user = client.sign_up().await;
    let [header, claims, _] = parts(&user.token);
    let (header, claims) = (decoded(header), decoded(claims));
    assert!(["EdDSA", "HS256"].contains(&header["alg"].as_str().unwrap()), "{header}");
    assert_eq!(claims["sub"], json!(user.id));
    assert_eq!(claims["email"], json!(user.email));
    assert!(claims["iss"].as_str().is_some_and(|issuer| !issuer.is_empty()), "{claims}");
    // A sibling that verifies with the shared secret was told of no audience, and would refuse one.
    assert_eq!(claims["aud"].is_string(), header["alg"] == "EdDSA", "{claims}");
    assert_eq!(header["typ"] == "at+jwt", header["alg"] == "EdDSA", "{header}");

    let (issued, expires) = (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(issued.abs_diff(now) < 300, "issued at {issued}, now {now}");
    if gateway() == Gateway::Local {
        assert_eq!(expires - issued, 7 * 24 * 60 * 60, "the default of seven days");
    }
    assert!(expires > now);

    let members: Vec<&String> = claims.as_object().unwrap().keys().collect();
    for secret in ["password", "hash", "secret"] {
        assert!(!members.iter().any(|member| member.contains(secret)), "{claims}");
    }
}

#[tokio::test]
async fn an_access_token_names_its_session() {
    let client = Client::new();
    let user = client.sign_up().await;
    let again = client.log_in(&user).await;
    let claims = |token: &str| decoded(parts(token)[1]);
    let (first, second) = (claims(&user.token), claims(&again.token));
    let differing = first.as_object().unwrap().iter().any(|(name, value)| value.is_string() && second[name] != *value);
    assert!(differing, "no claim tells the sessions apart: {first} {second}");
}

#[tokio::test]
async fn the_key_of_an_eddsa_token_is_published() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let header = decoded(parts(&user.token)[0]);
    let answer = client.get("/api/auth/jwks").send_to_gateway().await;
    let keys = answer.expect(200).json()["keys"].as_array().unwrap().clone();
    for key in &keys {
        assert_eq!(key.get("d"), None, "a private key is published");
        assert_ne!(key["kty"], "oct", "a shared secret is published");
    }
    if header["alg"] == "EdDSA" {
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("the key that `kid` names");
        assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
        assert_eq!(URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap().len(), 32);
    }
}

#[tokio::test]
async fn the_longest_token_that_is_issued_is_accepted() {
    let client = Client::new();
    let domain = "d".repeat(63);
    let email = format!("{}@{domain}.{domain}.example", unique());
    let local = "l".repeat(255 - email.len());
    let account = json!({
        "email": format!("{local}{email}"),
        "password": PASSWORD,
        "name": "\u{1f511}".repeat(100),
        "image": format!("https://example.com/{}", "'".repeat(1980)),
    });
    let sign_up = client.post("/api/auth/sign-up/email").header("origin", &trusted_origin());
    let signed_up = sign_up.json(&account).send().await.expect(200).json();
    let session_token = signed_up["token"].as_str().unwrap();
    let token = client.get("/api/auth/token").token(session_token).send().await.expect(200).json()["token"].clone();
    let token = token.as_str().unwrap();
    assert!(token.len() > 4000, "{}", token.len());
    let me = client.get(ME).token(token).send().await.expect(200).json();
    assert_eq!((&me["id"], &me["email"]), (&signed_up["user"]["id"], &account["email"]));
    let user = User::from_answer(&json!({"access_token": token, "user": me}));
    client.create_titled(&user, "made with a long token").await;
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case_and_with_any_number_of_spaces() {
    let client = Client::new();
    let token = &shared_user(&client).await.token;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        client.get(ME).header("authorization", &format!("{scheme} {token}")).send().await.expect(200);
    }
    // RFC 9110, section 11.4: one or more spaces.
    for spaces in ["  ", "     "] {
        client.get(ME).header("authorization", &format!("Bearer{spaces}{token}")).send().await.expect(200);
    }
}

#[tokio::test]
async fn an_authorization_header_of_another_form_is_refused() {
    let client = Client::new();
    let token = &shared_user(&client).await.token;
    for authorization in [
        "Bearer".to_owned(),
        "Bearer null".to_owned(),
        "Bearer undefined".to_owned(),
        "Bearer .".to_owned(),
        "Bearer ..".to_owned(),
        "Bearer ...".to_owned(),
        "Bearer e30.e30.e30".to_owned(),
        "Bearer {}".to_owned(),
        token.clone(),
        format!("Basic {token}"),
        "Basic YWRhOmxvdmVsYWNl".to_owned(),
        format!("Token {token}"),
        format!("Bearer{token}"),
        format!("Bearer:{token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer {token} {token}"),
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer Bearer {token}"),
        format!("Bearer {token}."),
        format!("Bearer {token}.x"),
        format!("Bearer .{token}"),
        format!("Bearer {token}="),
        format!("Bearer {token}%20"),
    ] {
        assert_refused(&client, authorization.as_bytes()).await;
    }
}

#[tokio::test]
async fn bytes_that_are_not_text_are_no_credential() {
    let client = Client::new();
    let answer = client.get(ME).header_bytes("authorization", b"Bearer \xff\xfe\xc3\x28").send_to_gateway().await;
    if gateway().hands_over_any_bytes() {
        assert_problem(&answer, 401, "not_authenticated");
    } else {
        assert!(answer.status >= 400, "{}", answer.status);
    }
}

#[tokio::test]
async fn a_token_in_the_query_or_the_body_is_no_credential() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let token = encode(&user.token);
    for name in ["access_token", "token", "authorization"] {
        assert_problem(&client.get(&format!("{ME}?{name}={token}")).send().await, 401, "not_authenticated");
    }
    let body = json!({"title": "by a token in the body", "access_token": user.token});
    assert_problem(&client.post(&user.tasks()).json(&body).send().await, 401, "not_authenticated");
}

#[tokio::test]
async fn a_token_cut_at_any_length_is_refused() {
    let client = Client::new();
    let token = &shared_user(&client).await.token;
    assert!(token.is_ascii());
    for lengths in (0..token.len()).collect::<Vec<_>>().chunks(16) {
        let calls = lengths.iter().map(|length| client.get(ME).token(&token[..*length]).send());
        for answer in together(calls.collect::<Vec<_>>()).await {
            assert_problem(&answer, 401, "not_authenticated");
        }
    }
}

#[tokio::test]
async fn a_token_with_any_character_changed_is_refused() {
    let client = Client::new();
    let token = &shared_user(&client).await.token;
    let changed: Vec<String> = (0..token.len())
        .map(|at| {
            // The lowest of the six bits: at the end of a part it carries nothing, and a lenient decoder drops it.
            let other = match ALPHABET.iter().position(|letter| *letter == token.as_bytes()[at]) {
                Some(value) => char::from(ALPHABET[value ^ 1]),
                None => 'A',
            };
            format!("{}{other}{}", &token[..at], &token[at + 1..])
        })
        .collect();
    for tokens in changed.chunks(16) {
        let calls = tokens.iter().map(|token| client.get(ME).token(token).send());
        for answer in together(calls.collect::<Vec<_>>()).await {
            assert_problem(&answer, 401, "not_authenticated");
        }
    }
}

#[tokio::test]
async fn claims_and_signature_of_different_tokens_do_not_fit_together() {
    let client = Client::new();
    let (one, other) = shared_pair(&client).await;
    let [header, own_claims, own_signature] = parts(&one.token);
    let [_, foreign_claims, foreign_signature] = parts(&other.token);
    for forged in [
        format!("{header}.{foreign_claims}.{own_signature}"),
        format!("{header}.{own_claims}.{foreign_signature}"),
        format!("{own_claims}.{header}.{own_signature}"),
    ] {
        assert_refused(&client, format!("Bearer {forged}").as_bytes()).await;
    }
    let mut promoted = decoded(own_claims);
    promoted["sub"] = json!(other.id);
    let mut prolonged = decoded(own_claims);
    prolonged["exp"] = json!(u32::MAX);
    for claims in [promoted, prolonged] {
        let forged = format!("Bearer {header}.{}.{own_signature}", encoded(&claims));
        assert_refused(&client, forged.as_bytes()).await;
    }
}

#[tokio::test]
async fn the_algorithm_is_never_taken_from_the_token() {
    let client = Client::new();
    let user = shared_user(&client).await;
    let [header, claims, signature] = parts(&user.token);
    let original = decoded(header);
    let jwk = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode("a key of the attacker")});
    for algorithm in ["none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "RS256", "ES256", "EdDSA", ""] {
        let mut headers = vec![json!({"alg": algorithm, "typ": "JWT"})];
        let mut keyed = original.clone();
        keyed["alg"] = json!(algorithm);
        keyed["jwk"] = jwk.clone();
        headers.push(keyed);
        for header in headers {
            for signature in ["", "AA", &URL_SAFE_NO_PAD.encode([0; 32]), &URL_SAFE_NO_PAD.encode([0; 64])] {
                let forged = format!("Bearer {}.{claims}.{signature}", encoded(&header));
                assert_refused(&client, forged.as_bytes()).await;
            }
        }
    }
    let unsigned = encoded(&json!({"alg": "none", "typ": "JWT"}));
    assert_refused(&client, format!("Bearer {unsigned}.{claims}.{signature}").as_bytes()).await;
    assert_refused(&client, format!("Bearer {unsigned}.{claims}").as_bytes()).await;
}

#[tokio::test]
async fn a_token_of_8_kilobytes_is_refused_like_any_other() {
    let client = Client::new();
    for token in [
        "a".repeat(8_000),
        "a.".repeat(4_000),
        format!("{}.{}.{}", "a".repeat(2_600), "b".repeat(2_600), "c".repeat(2_600)),
    ] {
        assert_refused(&client, format!("Bearer {token}").as_bytes()).await;
    }
}

#[tokio::test]
async fn a_cookie_that_is_no_session_is_no_credential() {
    let client = Client::new();
    let user = shared_user(&client).await;
    for value in ["", "nonsense", "nonsense.nonsense", "%", "%FF", &user.token, "a.b.c.d"] {
        for name in ["better-auth.session_token", "__Secure-better-auth.session_token", "session", "access_token"] {
            let cookie = format!("{name}={value}");
            let answer = client.get(ME).header("cookie", &cookie).send().await;
            assert_problem(&answer, 401, "not_authenticated");
            let write = client.post(&user.tasks()).header("cookie", &cookie).header("origin", &trusted_origin());
            let answer = write.json(&json!({"title": "by a cookie"})).send().await;
            assert_problem(&answer, 401, "not_authenticated");
        }
    }
}

#[tokio::test]
async fn a_refusal_does_not_say_why() {
    let client = Client::new();
    let token = &shared_user(&client).await.token;
    let gone = client.sign_up().await;
    client.post("/api/auth/logout").token(&gone.token).send().await.expect(200);
    let none = without_request_id(&client.get(ME).send().await);
    for token in ["nonsense", &token[..token.len() - 1], &gone.token] {
        let answer = client.get(ME).token(token).send().await;
        assert_problem(&answer, 401, "not_authenticated");
        assert_eq!(without_request_id(&answer), none);
    }
}
