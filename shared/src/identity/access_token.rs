//! Access tokens: JSON Web Tokens (RFC 7519) that name their session and live no longer than it.
//!
//! The key is found by the token's `kid`, and the key says which algorithm it is for: what the token's header claims
//! about that is only compared (RFC 8725, section 3.1). What a token is for, its type says (RFC 8725, section 3.11).

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Principal,
    keys::{JwtKey, KeyRing},
    session_token::Refused,
};
use crate::{
    Error,
    config::JwtAlgorithm,
    domain::{Origin, Session, SessionId, Timestamp, User, UserId},
    http::better_auth::UserJson,
};

/// How far the clocks of two machines may be apart, in seconds: a token counts as alive that much longer.
pub const LEEWAY_SECONDS: i64 = 5;

/// How long a token for other services lives, in seconds.
const SERVICE_SECONDS: i64 = 15 * 60;

/// The type of access tokens (RFC 9068, section 2.1).
const ACCESS_TYPE: &str = "at+jwt";

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Calling this API, in place of the session.
    Access,
    /// Telling other services who is signed in. Here it opens data, and never the session.
    Service,
}

#[derive(Debug, Serialize)]
struct AccessClaims<'a> {
    sub: UserId,
    email: &'a str,
    sid: SessionId,
    iat: i64,
    exp: i64,
    iss: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct ServiceClaims<'a> {
    #[serde(flatten)]
    user: UserJson<'a>,
    sub: UserId,
    sid: SessionId,
    iat: i64,
    exp: i64,
    iss: &'a str,
    aud: &'a str,
}

/// What every token of ours says, whatever else is in it.
#[derive(Debug, Deserialize)]
struct SessionClaims {
    sub: Uuid,
    sid: Uuid,
    exp: i64,
}

/// The access token of a session. It expires with the session.
///
/// One that is signed by the secret itself (HS256) has neither type nor audience: it is for siblings that know the secret, and
/// what they verify with, python-jose and `PyJWT` as they come, refuses an audience that it was not told of.
///
/// # Errors
/// [`Error::Internal`] if it cannot be signed.
pub fn issue(keys: &KeyRing, user: &User, session: &Session, origin: &Origin) -> Result<String, Error> {
    let key = keys.access_token_key()?;
    let is_published = key.algorithm == Algorithm::EdDSA;
    let claims = AccessClaims {
        sub: user.id,
        email: &user.email,
        sid: session.id,
        iat: session.created_at.seconds(),
        exp: session.expires_at.seconds(),
        iss: origin.as_str(),
        aud: is_published.then_some(origin.as_str()),
    };
    sign(key, is_published.then_some(ACCESS_TYPE), &claims)
}

/// A token that tells other services for 15 minutes who is signed in. It is always signed with the published key.
///
/// # Errors
/// [`Error::Internal`] if it cannot be signed.
pub fn issue_for_services(
    keys: &KeyRing,
    user: &User,
    session: &Session,
    origin: &Origin,
    now: Timestamp,
) -> Result<String, Error> {
    let claims = ServiceClaims {
        user: user.into(),
        sub: user.id,
        sid: session.id,
        iat: now.seconds(),
        exp: now.plus_seconds(SERVICE_SECONDS).seconds(),
        iss: origin.as_str(),
        aud: origin.as_str(),
    };
    sign(&keys.current.ed25519()?.key, None, &claims)
}

fn sign(key: &JwtKey, kind: Option<&str>, claims: &impl Serialize) -> Result<String, Error> {
    let mut header = Header::new(key.algorithm);
    header.kid = Some(key.id.clone());
    header.typ = kind.map(str::to_owned);
    encode(&header, claims, &key.encoding).map_err(Error::internal)
}

/// Whose session a token belongs to, and what it is for.
///
/// # Errors
/// That it is malformed, forged, expired, or not of this issuer and for this audience.
pub fn verify(keys: &KeyRing, token: &str, origin: &Origin, now: Timestamp) -> Result<(Principal, Use), Refused> {
    let header = decode_header(token).map_err(|_| Refused("the token is malformed"))?;
    let key_id = header.kid.ok_or(Refused("the token names no key"))?;
    let Some(key) = keys.jwt_key(&key_id) else {
        let may_be_ours = match header.typ.as_deref() {
            Some(kind) => kind == ACCESS_TYPE,
            // Ours of HS256 have no type.
            None => header.alg == Algorithm::HS256 && keys.access_token_algorithm == JwtAlgorithm::Hs256,
        };
        return Err(if may_be_ours { Refused::UNKNOWN_KEY } else { Refused("the token is of somebody else's key") });
    };
    let mut validation = Validation::new(key.algorithm);
    validation.set_issuer(&[origin.as_str()]);
    let token_use = match (key.algorithm, header.typ.as_deref()) {
        (Algorithm::EdDSA, kind) => {
            validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
            validation.set_audience(&[origin.as_str()]);
            if kind == Some(ACCESS_TYPE) { Use::Access } else { Use::Service }
        }
        _ => {
            validation.set_required_spec_claims(&["exp", "iss", "sub"]);
            validation.validate_aud = false;
            Use::Access
        }
    };
    // Compared below with the clock that was handed in.
    validation.validate_exp = false;
    let claims = decode::<SessionClaims>(token, &key.decoding, &validation)
        .map_err(|_| Refused("the token is forged or not for this API"))?
        .claims;
    if claims.exp.saturating_add(LEEWAY_SECONDS) <= now.seconds() {
        return Err(Refused("the token has expired"));
    }
    Ok((Principal { user_id: UserId(claims.sub), session_id: SessionId(claims.sid) }, token_use))
}

#[cfg(test)]
pub(crate) mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::config::Config;

    pub(crate) const SECRET: &str = "first-secret-0123456789-0123456789";
    const OTHER: &str = "other-secret-0123456789-0123456789";
    pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    pub(crate) const PRINCIPAL: Principal = Principal {
        user_id: UserId(Uuid::from_u128(0x1111_2222_3333_4444_5555_6666_7777_8888)),
        session_id: SessionId(Uuid::from_u128(0x9999_aaaa_bbbb_cccc_dddd_eeee_ffff_0000)),
    };

    pub(crate) fn key_ring(secret: &str, previous: Option<&str>) -> KeyRing {
        key_ring_for("EdDSA", secret, previous)
    }

    fn key_ring_for(algorithm: &str, secret: &str, previous: Option<&str>) -> KeyRing {
        let config = Config::from_variables(|name| match name {
            "JWT_SECRET_KEY" => Some(secret.to_owned()),
            "JWT_SECRET_KEY_PREVIOUS" => previous.map(str::to_owned),
            "JWT_ALGORITHM" => Some(algorithm.to_owned()),
            _ => None,
        });
        KeyRing::derive(&config.unwrap()).unwrap()
    }

    fn origin() -> Origin {
        Origin::parse("https://api.example.com").unwrap()
    }

    fn user() -> User {
        User {
            id: PRINCIPAL.user_id,
            email: "ann@example.com".to_owned(),
            name: "Ann".to_owned(),
            image: None,
            email_verified: false,
            is_contested: false,
            is_active: true,
            session_epoch: 0,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    fn session() -> Session {
        Session {
            user_id: PRINCIPAL.user_id,
            id: PRINCIPAL.session_id,
            created_at: NOW,
            updated_at: NOW,
            expires_at: NOW.plus_seconds(600),
            remember: true,
            epoch: 0,
            ip_address: String::new(),
            user_agent: String::new(),
        }
    }

    /// The access token of a session of `ann@example.com`.
    pub(crate) fn token(keys: &KeyRing) -> String {
        issue(keys, &user(), &session(), &origin()).unwrap()
    }

    /// A token for other services of the same session.
    pub(crate) fn service_token(keys: &KeyRing) -> String {
        issue_for_services(keys, &user(), &session(), &origin(), NOW).unwrap()
    }

    /// A token signed by our own key, with claims of the attacker's choice laid over the right ones.
    fn forged(keys: &KeyRing, header: serde_json::Value, claims: serde_json::Value) -> String {
        let key = &keys.current.ed25519().unwrap().key;
        let mut all = json!({
            "sub": PRINCIPAL.user_id, "sid": PRINCIPAL.session_id, "iat": 0, "exp": NOW.plus_seconds(600).seconds(),
            "iss": origin().as_str(), "aud": origin().as_str(),
        });
        for (name, value) in claims.as_object().unwrap() {
            match value {
                serde_json::Value::Null => all.as_object_mut().unwrap().remove(name),
                value => all.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        let signed_header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = encode(&signed_header, &all, &key.encoding).unwrap();
        if header.is_null() {
            return token;
        }
        format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()), token.split_once('.').unwrap().1)
    }

    #[test]
    fn a_token_names_its_principal_until_it_expires() {
        let keys = key_ring(SECRET, None);
        let token = token(&keys);
        assert_eq!(verify(&keys, &token, &origin(), NOW), Ok((PRINCIPAL, Use::Access)));
        let last = NOW.plus_seconds(600 + LEEWAY_SECONDS - 1);
        assert_eq!(verify(&keys, &token, &origin(), last), Ok((PRINCIPAL, Use::Access)));
        assert!(verify(&keys, &token, &origin(), last.plus_seconds(1)).is_err());
    }

    #[test]
    fn a_token_survives_one_rotation_and_no_other_key_verifies_it() {
        let token = token(&key_ring(SECRET, None));
        assert!(verify(&key_ring(OTHER, Some(SECRET)), &token, &origin(), NOW).is_ok());
        assert!(verify(&key_ring(OTHER, None), &token, &origin(), NOW).is_err());
    }

    #[test]
    fn hs256_is_what_a_sibling_with_the_secret_verifies_as_it_comes_and_is_refused_elsewhere() {
        let keys = key_ring_for("HS256", SECRET, None);
        let token = token(&keys);
        assert_eq!(verify(&keys, &token, &origin(), NOW), Ok((PRINCIPAL, Use::Access)));
        // Nothing configured: neither an audience nor an issuer.
        let validation = Validation::new(Algorithm::HS256);
        let sibling = jsonwebtoken::DecodingKey::from_secret(SECRET.as_bytes());
        assert!(decode::<SessionClaims>(&token, &sibling, &validation).is_ok());
        assert!(verify(&key_ring(SECRET, None), &token, &origin(), NOW).is_err());
    }

    #[test]
    fn a_token_that_a_newer_secret_may_have_signed_is_told_from_somebody_elses() {
        for algorithm in ["EdDSA", "HS256"] {
            let newer = key_ring_for(algorithm, OTHER, None);
            let older = key_ring_for(algorithm, SECRET, None);
            let refused = |token: &str| verify(&older, token, &origin(), NOW).unwrap_err();
            assert_eq!(refused(&token(&newer)), Refused::UNKNOWN_KEY, "{algorithm}");
            assert_ne!(refused(&service_token(&newer)), Refused::UNKNOWN_KEY, "{algorithm}");
        }
        let hs256 = token(&key_ring_for("HS256", OTHER, None));
        assert_ne!(verify(&key_ring(SECRET, None), &hs256, &origin(), NOW), Err(Refused::UNKNOWN_KEY));
    }

    #[test]
    fn the_algorithm_of_the_header_is_never_believed() {
        let keys = key_ring(SECRET, None);
        let kid = &keys.current.ed25519().unwrap().key.id;
        for alg in ["none", "None", "HS256", "HS512", "RS256", "ES256"] {
            for kid in [json!(kid), json!("unknown"), json!(null)] {
                let token = forged(&keys, json!({"alg": alg, "kid": kid}), json!({}));
                assert!(verify(&keys, &token, &origin(), NOW).is_err(), "{alg} {kid}");
                let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
                assert!(verify(&keys, &unsigned, &origin(), NOW).is_err(), "{alg} {kid} unsigned");
            }
        }
        // The classic swap: an HMAC keyed by the public key.
        let jwk = serde_json::to_value(&keys.current.ed25519().unwrap().public_jwk).unwrap();
        let public = BASE64_URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
        let claims = json!({"sub": PRINCIPAL.user_id, "sid": PRINCIPAL.session_id, "exp": i64::MAX, "iss": origin().as_str(), "aud": origin().as_str()});
        let swapped = encode(&header, &claims, &EncodingKey::from_secret(&public)).unwrap();
        assert!(verify(&keys, &swapped, &origin(), NOW).is_err());
    }

    #[test]
    fn every_claim_is_required_and_checked() {
        let keys = key_ring(SECRET, None);
        assert!(verify(&keys, &forged(&keys, json!(null), json!({})), &origin(), NOW).is_ok());
        for claims in [
            json!({"sub": null}),
            json!({"sid": null}),
            json!({"exp": null}),
            json!({"iss": null}),
            json!({"aud": null}),
            json!({"sub": "x"}),
            json!({"sid": 1}),
            json!({"exp": "x"}),
            json!({"exp": NOW.seconds() - LEEWAY_SECONDS}),
            json!({"exp": -1}),
            json!({"iss": "https://evil.example"}),
            json!({"aud": "https://evil.example"}),
            json!({"aud": []}),
        ] {
            let token = forged(&keys, json!(null), claims.clone());
            assert!(verify(&keys, &token, &origin(), NOW).is_err(), "{claims}");
        }
    }

    #[test]
    fn no_tampered_or_truncated_token_is_accepted() {
        let keys = key_ring(SECRET, None);
        let token = token(&keys);
        for length in 0..token.len() {
            assert!(verify(&keys, &token[..length], &origin(), NOW).is_err(), "length {length}");
        }
        for at in 0..token.len() {
            let mut tampered = token.clone().into_bytes();
            tampered[at] = if tampered[at] == b'A' { b'B' } else { b'A' };
            let tampered = String::from_utf8(tampered).unwrap();
            // The last character of a part may hold unused bits; a decoder that ignored them would accept a second
            // spelling of the same token, which ours must not.
            assert!(verify(&keys, &tampered, &origin(), NOW).is_err(), "character {at}");
        }
        assert!(verify(&keys, &"a.".repeat(4096), &origin(), NOW).is_err());
    }

    #[test]
    fn a_token_for_services_is_told_from_an_access_token_and_cannot_be_made_one() {
        let keys = key_ring(SECRET, None);
        let (access, service) = (token(&keys), service_token(&keys));
        let last = NOW.plus_seconds(15 * 60 + LEEWAY_SECONDS - 1);
        assert_eq!(verify(&keys, &service, &origin(), last), Ok((PRINCIPAL, Use::Service)));
        assert!(verify(&keys, &service, &origin(), last.plus_seconds(1)).is_err());
        let head = |token: &str| token.split_once('.').unwrap().0.to_owned();
        let header = BASE64_URL_SAFE_NO_PAD.decode(head(&access)).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&header).unwrap()["typ"], "at+jwt");
        let swapped = format!("{}.{}", head(&access), service.split_once('.').unwrap().1);
        assert!(verify(&keys, &swapped, &origin(), NOW).is_err());
    }

    #[test]
    fn the_longest_token_that_is_issued_is_accepted() {
        let keys = key_ring(SECRET, None);
        let user = User {
            email: format!("{}@example.com", "a".repeat(243)),
            name: "\u{1f511}".repeat(100),
            // What JSON escapes takes twice the room.
            image: Some("\"".repeat(2000)),
            ..user()
        };
        let token = issue_for_services(&keys, &user, &session(), &origin(), NOW).unwrap();
        assert!(token.len() <= crate::identity::credential::MAX_TOKEN_BYTES, "{}", token.len());
    }

    proptest! {
        #[test]
        fn no_text_panics(token in "\\PC{0,80}|[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}") {
            prop_assert!(verify(&key_ring(SECRET, None), &token, &origin(), NOW).is_err());
        }
    }
}
