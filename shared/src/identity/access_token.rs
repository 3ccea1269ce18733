//! Access tokens: JSON Web Tokens (RFC 7519) that name their session and live no longer than it.
//!
//! The key is found by the token's `kid`, and the key says which algorithm it is for: what the token's header claims
//! about that is only compared (RFC 8725, section 3.1).

use jsonwebtoken::{Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Principal, keys::KeyRing};
use crate::{
    Error,
    domain::{Session, SessionId, Timestamp, User, UserId},
    http::{UserJson, origin::Origin},
};

/// How far the clocks of two machines may be apart, in seconds: a token counts as alive that much longer.
pub const LEEWAY_SECONDS: i64 = 5;

#[derive(Debug, Serialize)]
struct AccessClaims<'a> {
    sub: UserId,
    email: &'a str,
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
/// # Errors
/// [`Error::Internal`] if it cannot be signed.
pub fn issue(keys: &KeyRing, user: &User, session: &Session, origin: &Origin) -> Result<String, Error> {
    let claims = AccessClaims {
        sub: user.id,
        email: &user.email,
        sid: session.id,
        iat: session.created_at.seconds(),
        exp: session.expires_at.seconds(),
        iss: origin.as_str(),
        aud: origin.as_str(),
    };
    let key = keys.access_token_key();
    let mut header = Header::new(key.algorithm);
    header.kid = Some(key.id.clone());
    encode(&header, &claims, &key.encoding).map_err(Error::internal)
}

/// How long a token of [`issue_short`] lives, in seconds.
const SHORT_SECONDS: i64 = 15 * 60;

#[derive(Debug, Serialize)]
struct ShortClaims<'a> {
    #[serde(flatten)]
    user: UserJson<'a>,
    sub: UserId,
    sid: SessionId,
    iat: i64,
    exp: i64,
    iss: &'a str,
    aud: &'a str,
}

/// A token that tells other services for 15 minutes who is signed in. It is always signed with the published key.
///
/// # Errors
/// [`Error::Internal`] if it cannot be signed.
pub fn issue_short(
    keys: &KeyRing,
    user: &User,
    session: &Session,
    origin: &Origin,
    now: Timestamp,
) -> Result<String, Error> {
    let claims = ShortClaims {
        user: user.into(),
        sub: user.id,
        sid: session.id,
        iat: now.seconds(),
        exp: now.plus_seconds(SHORT_SECONDS).seconds(),
        iss: origin.as_str(),
        aud: origin.as_str(),
    };
    let key = &keys.current.ed25519;
    let mut header = Header::new(key.algorithm);
    header.kid = Some(key.id.clone());
    header.typ = None;
    encode(&header, &claims, &key.encoding).map_err(Error::internal)
}

/// Whose session a token belongs to.
///
/// # Errors
/// [`Error::NotAuthenticated`] if it is malformed, forged, expired, or not of this issuer and for this audience.
pub fn verify(keys: &KeyRing, token: &str, origin: &Origin, now: Timestamp) -> Result<Principal, Error> {
    let header = decode_header(token).map_err(|_| Error::NotAuthenticated("the token is malformed"))?;
    let key =
        header.kid.and_then(|id| keys.jwt_key(&id)).ok_or(Error::NotAuthenticated("the token is of an unknown key"))?;
    let mut validation = Validation::new(key.algorithm);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[origin.as_str()]);
    validation.set_audience(&[origin.as_str()]);
    // Compared below with the clock that was handed in.
    validation.validate_exp = false;
    let claims = decode::<SessionClaims>(token, &key.decoding, &validation)
        .map_err(|_| Error::NotAuthenticated("the token is forged or not for this API"))?
        .claims;
    if claims.exp.saturating_add(LEEWAY_SECONDS) <= now.seconds() {
        return Err(Error::NotAuthenticated("the token has expired"));
    }
    Ok(Principal { user_id: UserId(claims.sub), session_id: SessionId(claims.sid) })
}

#[cfg(test)]
pub(crate) mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::config::Config;

    const SECRET: &str = "first-secret-0123456789-0123456789";
    const OTHER: &str = "other-secret-0123456789-0123456789";
    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

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

    fn token(keys: &KeyRing) -> String {
        let user = User {
            id: PRINCIPAL.user_id,
            email: "ann@example.com".to_owned(),
            name: "Ann".to_owned(),
            image: None,
            email_verified: false,
            is_active: true,
            session_epoch: 0,
            created_at: NOW,
            updated_at: NOW,
        };
        let session = Session {
            user_id: user.id,
            id: PRINCIPAL.session_id,
            created_at: NOW,
            updated_at: NOW,
            expires_at: NOW.plus_seconds(600),
            remember: true,
            epoch: 0,
            ip_address: String::new(),
            user_agent: String::new(),
        };
        issue(keys, &user, &session, &origin()).unwrap()
    }

    /// A token signed by our own key, with claims of the attacker's choice laid over the right ones.
    fn forged(keys: &KeyRing, header: serde_json::Value, claims: serde_json::Value) -> String {
        let key = &keys.current.ed25519;
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
        let mut signed_header = Header::new(Algorithm::EdDSA);
        signed_header.kid = Some(key.id.clone());
        let token = encode(&signed_header, &all, &key.encoding).unwrap();
        if header.is_null() {
            return token;
        }
        let rest = token.split_once('.').unwrap().1.to_owned();
        format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()))
    }

    #[test]
    fn a_token_names_its_principal_until_it_expires() {
        let keys = key_ring(SECRET, None);
        let token = token(&keys);
        assert_eq!(verify(&keys, &token, &origin(), NOW).unwrap(), PRINCIPAL);
        let last = NOW.plus_seconds(600 + LEEWAY_SECONDS - 1);
        assert_eq!(verify(&keys, &token, &origin(), last).unwrap(), PRINCIPAL);
        assert!(verify(&keys, &token, &origin(), last.plus_seconds(1)).is_err());
    }

    #[test]
    fn a_token_survives_one_rotation_and_no_other_key_verifies_it() {
        let token = token(&key_ring(SECRET, None));
        assert!(verify(&key_ring(OTHER, Some(SECRET)), &token, &origin(), NOW).is_ok());
        assert!(verify(&key_ring(OTHER, None), &token, &origin(), NOW).is_err());
    }

    #[test]
    fn hs256_is_signed_by_the_secret_itself_where_configured_and_refused_elsewhere() {
        let keys = key_ring_for("HS256", SECRET, None);
        let token = token(&keys);
        assert_eq!(verify(&keys, &token, &origin(), NOW).unwrap(), PRINCIPAL);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[origin().as_str()]);
        let sibling = jsonwebtoken::DecodingKey::from_secret(SECRET.as_bytes());
        assert!(decode::<SessionClaims>(&token, &sibling, &validation).is_ok());
        assert!(verify(&key_ring(SECRET, None), &token, &origin(), NOW).is_err());
    }

    #[test]
    fn the_algorithm_of_the_header_is_never_believed() {
        let keys = key_ring(SECRET, None);
        let kid = &keys.current.ed25519.id;
        for alg in ["none", "None", "HS256", "HS512", "RS256", "ES256"] {
            for kid in [json!(kid), json!("unknown"), json!(null)] {
                let token = forged(&keys, json!({"alg": alg, "kid": kid}), json!({}));
                assert!(verify(&keys, &token, &origin(), NOW).is_err(), "{alg} {kid}");
                let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
                assert!(verify(&keys, &unsigned, &origin(), NOW).is_err(), "{alg} {kid} unsigned");
            }
        }
        // The classic swap: an HMAC keyed by the public key.
        let jwk = serde_json::to_value(&keys.current.public_jwk).unwrap();
        let public = BASE64_URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(kid.clone());
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

    proptest! {
        #[test]
        fn no_text_panics(token in "\\PC{0,80}|[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}") {
            prop_assert!(verify(&key_ring(SECRET, None), &token, &origin(), NOW).is_err());
        }
    }
}
